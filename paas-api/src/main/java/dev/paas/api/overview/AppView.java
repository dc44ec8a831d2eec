package dev.paas.api.overview;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** An app as the API shows it. */
record AppView(
    String name,
    String url,
    String gitUrl,
    Instant createdAt,
    @Nullable String release,
    SortedMap<String, Integer> formation,
    List<String> domains) {}
