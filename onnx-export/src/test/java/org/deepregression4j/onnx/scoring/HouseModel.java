package org.deepregression4j.onnx.scoring;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.scoring.Column.Kind;
import org.deepregression4j.onnx.writer.OnnxWriter;

/**
 * A log-normal model with a column of every kind, once as a graph and once as plain arithmetic:
 *
 * <pre>
 * loc   = 1 + 2 age - 0.5 rooms + 3 sold + effect(stories) + 0.1 pixels[0] + 0.2 pixels[1]
 * scale = exp(-2 + 0.1 age)
 * </pre>
 */
final class HouseModel {
  /** One level of each sort that is hard to carry. */
  static final List<String> STORIES = List.of("one", "two, or more", "", "größe", "\uD83D\uDE00");

  static final double[] EFFECTS = {0, 0.25, -0.5, 0.75, 1.5};

  static final ModelSignature SIGNATURE =
      new ModelSignature(
          List.of(
              Column.of("age", Kind.DOUBLE),
              Column.of("rooms", Kind.INTEGER),
              Column.of("sold", Kind.LOGICAL),
              Column.factor("stories", STORIES),
              Column.external("s(lat, bs = \"gp\")", 2)),
          "log_normal",
          List.of("loc", "scale"),
          List.of("parameters", "mean", "stddev"));

  static final String PIXELS = "s(lat, bs = \"gp\")";

  private HouseModel() {}

  static byte[] toBytes() {
    return OnnxWriter.toBytes(graph().withMetadata(SIGNATURE.toMetadata()));
  }

  static Graph graph() {
    Map<String, Value> in = inputs(SIGNATURE);
    Value age = Ops.unsqueeze(in.get("age"), 1);
    Value rooms = Ops.unsqueeze(Ops.cast(in.get("rooms"), ElementType.FLOAT64), 1);
    Value sold = Ops.unsqueeze(Ops.cast(in.get("sold"), ElementType.FLOAT64), 1);
    List<String> keys = SIGNATURE.columns().get(3).graphLevels();
    Value codes = Ops.encodeLabels(in.get("stories"), keys);
    double[] byCode = {Double.NaN, 0, 0.25, -0.5, 0.75, 1.5};
    Value effect = Ops.gather(Ops.matrix(ElementType.FLOAT64, byCode, 6, 1), codes, 0);
    Value weights = Ops.matrix(ElementType.FLOAT64, new double[] {0.1, 0.2}, 2, 1);
    Value loc = Ops.add(Ops.add(Ops.mul(age, 2), Ops.mul(rooms, -0.5)), Ops.mul(sold, 3));
    loc = Ops.add(Ops.add(Ops.add(loc, effect), Ops.matMul(in.get(PIXELS), weights)), 1);
    Value scale = Ops.exp(Ops.add(Ops.mul(age, 0.1), -2));
    Value variance = Ops.square(scale);
    Value mean = Ops.exp(Ops.add(loc, Ops.mul(variance, 0.5)));
    Value stddev = Ops.mul(mean, Ops.sqrt(Ops.sub(Ops.exp(variance), 1)));
    Map<String, Value> out = new LinkedHashMap<>();
    out.put("parameters", Ops.concat(List.of(loc, scale), 1));
    out.put("mean", mean);
    out.put("stddev", stddev);
    return Graph.of("house", in, out);
  }

  /** The inputs that the convention asks for. */
  static Map<String, Value> inputs(ModelSignature signature) {
    Map<String, Value> in = new LinkedHashMap<>();
    for (Column column : signature.columns()) {
      Shape vector = Shape.rows("n");
      String name = signature.inputName(column);
      in.put(
          name,
          switch (column.kind()) {
            case DOUBLE -> Ops.input(name, ElementType.FLOAT64, vector);
            case INTEGER -> Ops.input(name, ElementType.INT32, vector);
            case LOGICAL -> Ops.input(name, ElementType.BOOL, vector);
            case FACTOR -> Ops.input(name, ElementType.STRING, vector);
            case MATRIX -> Ops.input(name, ElementType.FLOAT64, Shape.rows("n", column.width()));
          });
    }
    return in;
  }

  /** Raw data of n houses and the predictions that arithmetic gives for them. */
  static final class Houses {
    final double[] age;
    final int[] rooms;
    final boolean[] sold;
    final String[] stories;
    final double[] pixels;
    final double[] loc;
    final double[] scale;
    final double[] mean;
    final double[] stddev;

    Houses(int n, long seed) {
      Random random = new Random(seed);
      age = random.doubles(n).toArray();
      rooms = random.ints(n, 1, 9).toArray();
      sold = new boolean[n];
      stories = new String[n];
      pixels = random.doubles(2L * n, -1, 1).toArray();
      loc = new double[n];
      scale = new double[n];
      mean = new double[n];
      stddev = new double[n];
      for (int i = 0; i < n; i++) {
        int code = random.nextInt(STORIES.size());
        sold[i] = random.nextBoolean();
        stories[i] = STORIES.get(code);
        predict(i, EFFECTS[code]);
      }
    }

    private void predict(int i, double effect) {
      loc[i] = 1 + 2 * age[i] - 0.5 * rooms[i] + (sold[i] ? 3 : 0) + effect;
      loc[i] += 0.1 * pixels[2 * i] + 0.2 * pixels[2 * i + 1];
      scale[i] = Math.exp(-2 + 0.1 * age[i]);
      double variance = scale[i] * scale[i];
      mean[i] = Math.exp(loc[i] + variance / 2);
      stddev[i] = mean[i] * Math.sqrt(Math.exp(variance) - 1);
    }

    Rows rows() {
      return Rows.builder()
          .doubles("age", age)
          .ints("rooms", rooms)
          .booleans("sold", sold)
          .strings("stories", stories)
          .matrix(PIXELS, pixels, 2)
          .build();
    }

    /** One house as a record that also has what the model does not use. */
    Map<String, Object> row(int i) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("id", i);
      row.put("age", age[i]);
      row.put("rooms", rooms[i]);
      row.put("sold", sold[i]);
      row.put("stories", stories[i]);
      row.put(PIXELS, new double[] {pixels[2 * i], pixels[2 * i + 1]});
      return row;
    }
  }
}
