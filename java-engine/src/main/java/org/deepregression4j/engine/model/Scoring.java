package org.deepregression4j.engine.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.family.Quantity;
import org.deepregression4j.engine.term.ColumnInputs;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.scoring.ModelSignature;

/** Writes what a fitted model says of rows; prediction and export share it. */
public final class Scoring {
  private Scoring() {}

  /**
   * The outputs by their names in {@link ModelSignature}, all FLOAT64: linear predictors and
   * parameters (n, q·r), mean and standard deviation (n, mean columns).
   */
  public static Map<String, Value> outputs(
      ModelGraph model, ColumnInputs columns, Weights weights) {
    return outputs(
        model.definition().family(), model.linearPredictors(model.features(columns), weights));
  }

  /** The same of linear predictors, (n, r) each. */
  public static Map<String, Value> outputs(Family family, List<Value> eta) {
    Map<String, Value> out = new LinkedHashMap<>();
    out.put(ModelSignature.PARAMETERS, Ops.concat(family.parameters(eta), 1));
    out.put(ModelSignature.MEAN, family.mean(eta));
    out.put(ModelSignature.STDDEV, family.stddev(eta));
    out.put(ModelSignature.LINEAR_PREDICTORS, Ops.concat(eta, 1));
    // A mean may be the same for all rows, such as that of a family without a location.
    out.replaceAll((name, value) -> Ops.cast(perRow(value, eta.get(0)), ElementType.FLOAT64));
    return out;
  }

  /** Quantiles (n, k·m), FLOAT64: the m columns of the first level, then of the next. */
  public static Value quantiles(Family family, List<Value> eta, List<Double> levels) {
    List<Value> out = new ArrayList<>();
    for (double level : levels) {
      Value p = Ops.scalar(ElementType.FLOAT64, level);
      out.add(perRow(Quantity.QUANTILE.of(family, p, eta), eta.get(0)));
    }
    return Ops.concat(out, 1);
  }

  /** Log-densities (n, 1) of responses (n, m), FLOAT64: −∞ outside the support, NaN for NaN. */
  public static Value logDensity(Family family, Value response, List<Value> eta) {
    Value y = Ops.cast(response, eta.get(0).type());
    Value columns = Quantity.LOG_PROB.of(family, y, eta);
    return Ops.cast(Ops.sum(columns, true, 1), ElementType.FLOAT64);
  }

  /** Columns of mean and standard deviation: as their expressions have them. */
  public static int meanColumns(ModelDefinition model) {
    Shape shape = Shape.rows("n", model.predictorColumns());
    List<Value> eta = new ArrayList<>();
    model.predictors().forEach(p -> eta.add(Ops.input(p.name(), model.precision(), shape)));
    return (int) perRow(model.family().mean(eta), eta.get(0)).shape().dim(1).size();
  }

  /** The value for each row: itself, or repeated where it is the same for all rows. */
  public static Value perRow(Value value, Value eta) {
    return value.shape().rank() == 2 && value.shape().dim(0).equals(eta.shape().dim(0))
        ? value
        : Ops.expandLike(value, eta);
  }
}
