package org.deepregression4j.engine.solve;

import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.deepregression4j.engine.family.Moments;
import org.deepregression4j.engine.model.InitialWeights;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.Structured;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.term.Intercept;

/** Where an exact fit starts when the model has no weights yet. */
public final class Start {
  private Start() {}

  /**
   * A trained vector: intercepts at what suits the response, coefficients with an initialiser of
   * their own as it says, other coefficients at zero; networks as the seed draws them.
   */
  public static double[] of(ModelGraph model, TrainingData data, long seed) {
    int r = model.definition().predictorColumns();
    int columns = model.layout().columns();
    double[] out = new InitialWeights(model, seed).trained(constants(model, data));
    for (Structured.Placed place : model.structured().placed()) {
      boolean isGiven =
          place.term() instanceof Intercept || place.weighted().weights().initializer().isPresent();
      for (int i = 0; !isGiven && i < place.size(); i++) {
        int at = (place.from() + i) * columns + place.predictor() * r;
        java.util.Arrays.fill(out, at, at + r, 0);
      }
    }
    return out;
  }

  /** Constant linear predictors that suit the response, (q·r). */
  public static double[] constants(ModelGraph model, TrainingData data) {
    int m = model.definition().responseColumns();
    DoubleBuffer y = data.response().buffer().asDoubleBuffer();
    List<Moments> moments = new ArrayList<>();
    for (int c = 0; c < m; c++) {
      int column = c;
      DoubleStream values =
          IntStream.range(0, (int) data.rows()).mapToDouble(i -> y.get(i * m + column));
      moments.add(Moments.of(values, data.weights().stream()));
    }
    return model.definition().family().startingValues(moments);
  }
}
