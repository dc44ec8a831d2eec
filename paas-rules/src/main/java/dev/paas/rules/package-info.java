/** The rules that each module's classes keep, whatever they are about; for tests alone. */
@NullMarked
package dev.paas.rules;

import org.jspecify.annotations.NullMarked;
