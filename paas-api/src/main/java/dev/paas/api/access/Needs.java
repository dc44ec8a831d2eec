package dev.paas.api.access;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares what a caller of a resource method must be permitted. Every resource method has one: a
 * request for a method without it is not served. {@link BearerFilter} requires what concerns the
 * platform; a permission on an app is required by the method itself, in the commit of what it does,
 * with {@code Apps.require}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Needs {

  /** The permission. */
  Permission value();
}
