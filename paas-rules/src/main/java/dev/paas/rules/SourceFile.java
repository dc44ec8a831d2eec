package dev.paas.rules;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * A file of a module as it is written. Class files do not tell how long a method is, nor which
 * parameters of a constructor the compiler has added.
 *
 * @param type the name of the class that the file is named after, with its package
 * @param lines of the whole file
 */
record SourceFile(String type, int lines, List<Method> methods) {

  /**
   * A method or constructor with a body.
   *
   * @param name with its class's, e.g. {@code dev.paas.cli.Json.read}; a constructor's is the
   *     class's
   * @param lines from its return type, a constructor's from its first parameter, to its closing
   *     brace
   * @param parameters how many it has
   * @param constructor whether it is one of a class that is neither a record nor an enum
   */
  record Method(String name, int lines, int parameters, boolean constructor) {}

  SourceFile {
    methods = List.copyOf(methods);
  }

  /** Reads every Java file below a folder, without compiling any. */
  static List<SourceFile> below(Path folder) {
    JavaCompiler compiler =
        Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "this needs a JDK");
    try (Stream<Path> all = Files.walk(folder);
        StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<Path> sources = all.filter(file -> file.toString().endsWith(".java")).toList();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, List.of(), null, files.getJavaFileObjectsFromPaths(sources));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      List<SourceFile> read = new ArrayList<>();
      for (CompilationUnitTree unit : task.parse()) {
        read.add(of(unit, positions));
      }
      return read;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SourceFile of(CompilationUnitTree unit, SourcePositions positions) {
    String file = unit.getSourceFile().getName();
    String type =
        unit.getPackageName()
            + "."
            + file.substring(file.lastIndexOf('/') + 1, file.length() - ".java".length());
    List<Method> methods = new ArrayList<>();
    new Reader(unit, positions, methods).scan(unit, null);
    int lines = (int) unit.getLineMap().getLineNumber(positions.getEndPosition(unit, unit));
    return new SourceFile(type, lines, methods);
  }

  /** Collects the methods of a file, those of nested and anonymous classes too. */
  private static final class Reader extends TreePathScanner<@Nullable Void, @Nullable Void> {

    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<Method> methods;

    Reader(CompilationUnitTree unit, SourcePositions positions, List<Method> methods) {
      this.unit = unit;
      this.positions = positions;
      this.methods = methods;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
      if (method.getBody() != null) {
        boolean constructs = method.getReturnType() == null;
        ClassTree owner = (ClassTree) getCurrentPath().getParentPath().getLeaf();
        boolean plain = owner.getKind() == Tree.Kind.CLASS;
        methods.add(
            new Method(
                constructs ? ownerName() : ownerName() + "." + method.getName(),
                lines(method),
                method.getParameters().size(),
                constructs && plain));
      }
      return super.visitMethod(method, null);
    }

    private int lines(MethodTree method) {
      Tree from = method.getReturnType();
      if (from == null) {
        from = method.getParameters().isEmpty() ? method.getBody() : method.getParameters().get(0);
      }
      // The parameters of a record's compact constructor are those of the record, above it.
      long first =
          Math.max(
              positions.getStartPosition(unit, from), positions.getStartPosition(unit, method));
      return 1 + line(positions.getEndPosition(unit, method)) - line(first);
    }

    private int line(long position) {
      return (int) unit.getLineMap().getLineNumber(position);
    }

    private String ownerName() {
      StringBuilder name = new StringBuilder();
      getCurrentPath()
          .forEach(
              tree -> {
                if (tree instanceof ClassTree owner && !owner.getSimpleName().isEmpty()) {
                  name.insert(0, "." + owner.getSimpleName());
                }
              });
      return unit.getPackageName() + name.toString();
    }
  }
}
