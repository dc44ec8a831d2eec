package dev.paas.gitreceiver;

/**
 * The user behind a connection: the owner of the key, whatever user name the client gave.
 *
 * @param user the user's name on the platform
 * @param keyFingerprint {@code SHA256:…} of the key, as {@code ssh-keygen -l} prints it
 * @param address where the client is
 */
public record Identity(String user, String keyFingerprint, String address) {}
