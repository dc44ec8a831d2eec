-- What is listed of a token was the first seven characters of its secret. For tokens that exist it is from now on
-- a part of their digest, from which nothing of the secret follows; new ones begin with an id of their own.
update tokens set prefix = '#' || substring(hash, 1, 8);
