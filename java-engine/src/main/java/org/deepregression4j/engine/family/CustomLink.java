package org.deepregression4j.engine.family;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;

/** A link h as an expression of {@code eta}, with numbers of it by running its graph. */
record CustomLink(CustomFamily.Expression expression) {
  private static final String ETA = "eta";

  /** Where an inverse is sought. */
  private static final double FARTHEST = 30;

  /** Places of a search in the whole range, and then between two neighbours. */
  private static final int PLACES = 2401;

  private static final int ROUNDS = 4;

  CustomLink {
    if (!expression.names().equals(Set.of(ETA))) {
      throw new FamilyException(
          "link '"
              + expression.text()
              + "': expected an expression of 'eta', got one of "
              + expression.names());
    }
  }

  String label() {
    return expression.text();
  }

  Value value(Value eta) {
    return expression.evaluate(Map.of(ETA, eta));
  }

  double at(double eta) {
    return values(eta)[0];
  }

  private double[] values(double... eta) {
    Value input = Ops.input(ETA, ElementType.FLOAT64, Shape.rows("n", 1));
    Graph graph = Graph.of("link", Map.of(ETA, input), Map.of("value", value(input)));
    try (OnnxSession session = OnnxSession.open(OnnxWriter.toBytes(graph))) {
      Tensor out = Tensor.allocate(ElementType.FLOAT64, eta.length, 1);
      Tensor in = Tensor.copyOf(ElementType.FLOAT64, eta, eta.length, 1);
      session.run(Map.of(ETA, in), Set.of(), Map.of("value", out));
      return out.toDoubles();
    }
  }

  /** The smallest η in [−30, 30] at which h crosses the value; NaN where it does not. */
  double inverse(double value) {
    double from = -FARTHEST;
    double to = FARTHEST;
    for (int round = 0; round < ROUNDS; round++) {
      double[] eta = new double[PLACES];
      double start = from;
      double step = (to - from) / (PLACES - 1);
      Arrays.setAll(eta, i -> start + i * step);
      double[] h = values(eta);
      int at = 1;
      while (at < PLACES && !((h[at - 1] - value) * (h[at] - value) <= 0)) {
        at++;
      }
      if (at == PLACES) {
        return Double.NaN;
      }
      from = eta[at - 1];
      to = eta[at];
    }
    return (from + to) / 2;
  }
}
