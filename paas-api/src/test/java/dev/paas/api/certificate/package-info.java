@NullMarked
package dev.paas.api.certificate;

import org.jspecify.annotations.NullMarked;
