package dev.paas.runtime.sandbox;

/** What a process is for: builds keep what they write to /tmp and set file capabilities. */
enum Profile {
  BUILD,
  ONE_OFF
}
