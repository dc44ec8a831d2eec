package dev.paas.api.access;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a call that a token of scope {@code read} may not make although it is a GET: it shows
 * secrets or sets something going. Calls that are no GET need no mark.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface NeedsWrite {}
