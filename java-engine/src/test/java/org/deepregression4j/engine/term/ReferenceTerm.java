package org.deepregression4j.engine.term;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.onnx.runtime.Tensor;

/** The term, the columns and the data that a reference file describes. */
final class ReferenceTerm {
  private final ReferenceFile file;

  ReferenceTerm(String name) {
    this.file = ReferenceFile.read(name);
  }

  Matrix expected() {
    return file.matrix("expected");
  }

  StructuredTerm term() {
    return file.text("term").equals("smooth") ? smooths() : linear();
  }

  List<ColumnSpec> columns() {
    List<ColumnSpec> out = new ArrayList<>();
    for (String name : file.list("columns")) {
      String levels = "column." + name + ".levels";
      out.add(
          file.has(levels) ? ColumnSpec.factor(name, file.list(levels)) : ColumnSpec.real(name));
    }
    return out;
  }

  /** The first {@code rows} rows; {@code missing} makes every number of the first one NaN. */
  Map<String, Tensor> data(int rows, boolean missing) {
    Map<String, Tensor> out = new LinkedHashMap<>();
    for (ColumnSpec spec : columns()) {
      double[] all = file.matrix("column." + spec.name() + ".data").toRowMajor();
      double[] values = Arrays.copyOf(all, rows);
      if (spec.kind() == ColumnSpec.Kind.FACTOR) {
        int[] codes = Arrays.stream(values).mapToInt(v -> (int) v).toArray();
        out.put(spec.name(), TermRun.ints(codes));
      } else {
        values[0] = missing ? Double.NaN : values[0];
        out.put(spec.name(), TermRun.doubles(values));
      }
    }
    return out;
  }

  Map<String, Tensor> noRows() {
    Map<String, Tensor> out = new LinkedHashMap<>();
    for (ColumnSpec spec : columns()) {
      boolean isFactor = spec.kind() == ColumnSpec.Kind.FACTOR;
      out.put(spec.name(), isFactor ? TermRun.ints() : TermRun.doubles());
    }
    return out;
  }

  private StructuredTerm linear() {
    List<Component> components = new ArrayList<>();
    for (int i = 1; i <= file.count("components"); i++) {
      String at = "component." + i + ".";
      components.add(component(file.text(at + "column"), file.matrixOrNull(at + "contrasts")));
    }
    return new Linear("linear", List.of(), components, false, null);
  }

  private static Component component(String column, Matrix contrasts) {
    return contrasts == null ? Component.numeric(column) : Component.factor(column, contrasts);
  }

  private StructuredTerm smooths() {
    List<Smooth> smooths = new ArrayList<>();
    for (int i = 1; i <= file.count("smooths"); i++) {
      smooths.add(smooth("smooth." + i + "."));
    }
    return new SmoothTerm("smooth", List.of(), smooths, null);
  }

  private Smooth smooth(String at) {
    List<Smooth.Margin> margins = new ArrayList<>();
    for (int j = 1; j <= file.count(at + "margins"); j++) {
      String margin = at + "margin." + j + ".";
      margins.add(new Smooth.Margin(basis(margin), file.matrixOrNull(margin + "transform")));
    }
    Component by =
        file.has(at + "by")
            ? component(file.text(at + "by"), file.matrixOrNull(at + "by_contrasts"))
            : null;
    return new Smooth(file.text(at + "label"), margins, by, file.matrixOrNull(at + "transform"));
  }

  private Basis basis(String at) {
    List<String> names = file.list(at + "variables");
    Expression x = Expression.column(names.get(0));
    return switch (file.text(at + "basis")) {
      case "tp" ->
          new ThinPlate(
              names.stream().map(Expression::column).toList(),
              file.matrix(at + "shift"),
              file.matrix(at + "knots"),
              (int) file.matrix(at + "m").get(0, 0),
              file.matrix(at + "UZ"),
              file.matrix(at + "powers"));
      case "cr" -> new CubicRegression(x, file.matrix(at + "knots"), file.matrix(at + "F"));
      case "cc" -> new CyclicCubic(x, file.matrix(at + "knots"), file.matrix(at + "BD"));
      case "ps" ->
          new PSpline(x, file.matrix(at + "knots"), (int) file.matrix(at + "degree").get(0, 0));
      case "re" -> new RandomEffect(names.stream().map(this::dummies).toList());
      default -> throw new IllegalArgumentException(file.text(at + "basis"));
    };
  }

  private Component dummies(String name) {
    String levels = "column." + name + ".levels";
    return file.has(levels)
        ? Component.factor(name, Matrix.identity(file.list(levels).size()))
        : Component.numeric(name);
  }
}
