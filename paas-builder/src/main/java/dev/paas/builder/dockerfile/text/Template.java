package dev.paas.builder.dockerfile.text;

/**
 * What {@code ${x//pattern/word}} puts in the place of each match: BuildKit hands the word to Go's
 * {@code Regexp.ReplaceAllString}, for which {@code $0} and {@code ${0}} are the match, {@code $$}
 * is a dollar, and another name or number is nothing, because these patterns have no groups.
 */
public final class Template {

  private final String template;

  public Template(String template) {
    this.template = template;
  }

  public String expand(String match) {
    if (template.indexOf('$') < 0) {
      return template;
    }
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < template.length()) {
      char c = template.charAt(at++);
      if (c != '$') {
        out.append(c);
      } else if (template.startsWith("$", at)) {
        out.append(c);
        at++;
      } else {
        boolean braces = template.startsWith("{", at);
        int begin = braces ? at + 1 : at;
        int end = endOfName(begin);
        if (end == begin || (braces && !template.startsWith("}", end))) {
          out.append(c); // names nothing, so it is a dollar
        } else {
          out.append(template.substring(begin, end).equals("0") ? match : "");
          at = braces ? end + 1 : end;
        }
      }
    }
    return out.toString();
  }

  private int endOfName(int begin) {
    int end = begin;
    while (end < template.length() && Expansion.isName(template.codePointAt(end))) {
      end += Character.charCount(template.codePointAt(end));
    }
    return end;
  }
}
