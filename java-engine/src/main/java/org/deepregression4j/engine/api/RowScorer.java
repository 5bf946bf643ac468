package org.deepregression4j.engine.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.Scoring;
import org.deepregression4j.engine.model.Weights;
import org.deepregression4j.engine.term.ColumnInputs;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.scoring.ModelSignature;
import org.deepregression4j.onnx.writer.OnnxWriter;

/** Scores rows with the weights that a model has now, block by block. The caller closes it. */
public final class RowScorer implements AutoCloseable {
  private static final String ROWS = "(rows)";
  private static final long BLOCK = 1 << 16;

  private final Model model;
  private final OnnxSession session;

  /** A scorer for a model, whose weights are read at every prediction. */
  public RowScorer(Model model) {
    this.model = model;
    ModelGraph graph = model.graph();
    Map<String, Value> inputs = ModelGraph.inputs(model.definition().columns());
    // Tells the number of rows of a model that reads no column.
    Value rows = Ops.input(ROWS, ElementType.FLOAT64, Shape.rows("n", 1));
    ColumnInputs columns = graph.columnInputs(inputs, rows);
    inputs.put(ROWS, rows);
    Map<String, Value> flat = Weights.inputs(graph.layout(), model.definition().precision());
    inputs.putAll(flat);
    Map<String, Value> outputs = Scoring.outputs(graph, columns, Weights.of(graph.layout(), flat));
    this.session = OnnxSession.open(OnnxWriter.toBytes(Graph.of("scoring", inputs, outputs)));
  }

  /**
   * Scores rows.
   *
   * @throws IllegalArgumentException naming a missing column
   */
  public Predictions predict(Dataset data) {
    Map<String, Tensor> out = new LinkedHashMap<>();
    session.outputs().forEach((name, port) -> out.put(name, allocate(data.rows(), port)));
    data.select(model.definition().columns());
    Map<String, Tensor> weights = model.tensors();
    for (long from = 0; from < data.rows(); from += BLOCK) {
      long to = Math.min(data.rows(), from + BLOCK);
      Dataset block = data.asRows(from, to);
      Map<String, Tensor> inputs = new LinkedHashMap<>(block.select(model.definition().columns()));
      inputs.put(ROWS, Tensor.allocate(ElementType.FLOAT64, to - from, 1));
      inputs.putAll(weights);
      Map<String, Tensor> into = new LinkedHashMap<>();
      long start = from;
      out.forEach((name, tensor) -> into.put(name, tensor.asRows(start, to)));
      session.run(inputs, Set.of(), into);
    }
    return new Predictions(
        find(out, ModelSignature.PARAMETERS),
        find(out, ModelSignature.MEAN),
        find(out, ModelSignature.STDDEV),
        find(out, ModelSignature.LINEAR_PREDICTORS));
  }

  private static Tensor allocate(long rows, OnnxSession.Port port) {
    return Tensor.allocate(port.type(), rows, port.sizes()[1]);
  }

  private static Tensor find(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalStateException("no output '" + name + "'");
    }
    return tensor;
  }

  @Override
  public void close() {
    session.close();
  }
}
