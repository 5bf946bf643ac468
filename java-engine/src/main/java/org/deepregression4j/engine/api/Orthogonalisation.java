package org.deepregression4j.engine.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.Overlap;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.model.WeightLayout;
import org.deepregression4j.engine.model.Weights;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * Post-hoc orthogonalisation: the least-squares projection α = (X'X)⁻¹X'ζ of a deep term's output ζ
 * on the designs X of the structured terms that share its variables, and a constant. The fit and
 * its predictions stay as they are; X α counts to the structured terms, what remains to the deep
 * one, the constant included.
 *
 * <p>Source: Rügamer (2023), A New PHO-rmula for Improved Performance of Semi-Structured Networks.
 */
final class Orthogonalisation {
  private static final long BLOCK = 1 << 14;

  private final Model model;

  Orthogonalisation(Model model) {
    this.model = model;
  }

  /** What to move, over all overlaps in order, each row-major (size, r). */
  double[] moved(TrainingData data) {
    List<double[]> parts = new ArrayList<>();
    model.graph().overlaps().forEach(overlap -> parts.add(project(overlap, data)));
    return parts.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  private double[] project(Overlap overlap, TrainingData data) {
    int k = overlap.size() + 1;
    int r = model.definition().predictorColumns();
    DMatrixRMaj crossed = new DMatrixRMaj(k, k + r);
    try (OnnxSession session = OnnxSession.open(OnnxWriter.toBytes(graph(overlap)))) {
      for (long from = 0; from < data.rows(); from += BLOCK) {
        TrainingData block = data.asRows(from, Math.min(data.rows(), from + BLOCK));
        Map<String, Tensor> inputs = new LinkedHashMap<>(block.tensors(model.graph()));
        inputs.putAll(model.tensors());
        session
            .run(inputs, Set.of("crossed"))
            .values()
            .forEach(
                part ->
                    CommonOps_DDRM.addEquals(
                        crossed, new DMatrixRMaj(k, k + r, true, part.toDoubles())));
      }
    }
    DMatrixRMaj normal = CommonOps_DDRM.extract(crossed, 0, k, 0, k);
    DMatrixRMaj inverse = new DMatrixRMaj(k, k);
    CommonOps_DDRM.pinv(normal, inverse);
    DMatrixRMaj alpha = new DMatrixRMaj(k, r);
    CommonOps_DDRM.mult(inverse, CommonOps_DDRM.extract(crossed, 0, k, k, k + r), alpha);
    return Arrays.copyOf(alpha.data, overlap.size() * r);
  }

  /** [X 1]'[X 1 ζ] of the rows: (k, k + r). */
  private Graph graph(Overlap overlap) {
    ModelGraph graph = model.graph();
    Map<String, Value> inputs = new LinkedHashMap<>(TrainingData.inputs(graph, "n"));
    Value matrix = TrainingData.matrix(graph, inputs);
    Map<String, Value> flat = Weights.inputs(graph.layout(), model.definition().precision());
    inputs.putAll(flat);
    Weights weights = Weights.of(graph.layout(), flat);
    Value deep = graph.deepContribution(matrix, overlap.predictor(), overlap.deep(), weights);
    Value design = graph.design(matrix);
    List<Value> columns = new ArrayList<>();
    for (WeightLayout.Coefficients c : overlap.terms()) {
      columns.add(Ops.slice(design, 1, c.from(), (long) c.from() + c.size()));
    }
    Value first = Ops.slice(deep, 1, 0, 1);
    columns.add(Ops.expandLike(Ops.scalar(deep, 1), first));
    Value x = Ops.cast(Ops.concat(columns, 1), ElementType.FLOAT64);
    Value both = Ops.concat(List.of(x, Ops.cast(deep, ElementType.FLOAT64)), 1);
    return Graph.of("projection", inputs, Map.of("crossed", Ops.gemm(x, true, both, false)));
  }
}
