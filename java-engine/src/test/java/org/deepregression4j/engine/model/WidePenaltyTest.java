package org.deepregression4j.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.deepregression4j.engine.api.Model;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.Linear;
import org.deepregression4j.engine.term.Matrix;
import org.deepregression4j.engine.term.Penalty;
import org.deepregression4j.engine.term.StructuredTerm;
import org.deepregression4j.engine.train.LossProgram;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.api.Test;

/** Penalties are joined in groups of at most 128 columns; together they must be all of them. */
class WidePenaltyTest {
  private static final int[] WIDTHS = {60, 100, 30, 3};

  private final SplittableRandom random = new SplittableRandom(11);

  private double[] draw(int count) {
    double[] out = new double[count];
    for (int i = 0; i < count; i++) {
      out[i] = random.nextDouble() - .5;
    }
    return out;
  }

  private Matrix semidefinite(int size) {
    Matrix root = Matrix.copyOf(size, size, draw(size * size));
    return root.transpose().times(root);
  }

  @Test
  void groupedPenaltiesEqualTheirSum() {
    List<ColumnSpec> columns = new ArrayList<>();
    Dataset.Builder rows = Dataset.builder(1);
    List<List<StructuredTerm>> terms = List.of(new ArrayList<>(), new ArrayList<>());
    List<List<Matrix>> penalties = List.of(new ArrayList<>(), new ArrayList<>());
    for (int b = 0; b < WIDTHS.length; b++) {
      String name = "B" + b;
      columns.add(ColumnSpec.matrix(name, WIDTHS[b]));
      rows.matrix(name, new double[WIDTHS[b]], WIDTHS[b]);
      for (int j = 0; j < 2; j++) {
        if (j == 0 || b != 2) { // the third one is only in the first predictor
          Penalty penalty = new Penalty(List.of(semidefinite(WIDTHS[b])), List.of(.1 * b), .5);
          penalties.get(j).add(penalty.total());
          Component component = Component.matrix(name);
          terms.get(j).add(new Linear(name, List.of(), List.of(component), false, penalty));
        }
      }
    }
    Model model =
        new Model(
            new ModelDefinition(
                Families.named("normal"),
                ElementType.FLOAT64,
                1,
                1,
                columns,
                List.of(Predictor.of("loc", terms.get(0)), Predictor.of("scale", terms.get(1))),
                Map.of()));
    double[] weights = draw(model.weights().length);
    double want = .5 * Math.log(2 * Math.PI); // the density of 0 at location 0 and scale 1
    int at = 0;
    for (List<Matrix> own : penalties) {
      for (Matrix p : own) {
        for (int i = 0; i < p.rows(); i++) {
          for (int k = 0; k < p.rows(); k++) {
            want += weights[at + i] * p.get(i, k) * weights[at + k];
          }
        }
        at += p.rows();
      }
    }
    TrainingData data =
        TrainingData.of(rows.build(), Tensor.copyOf(ElementType.FLOAT64, new double[1], 1, 1));
    double[] trained = new double[model.layout().trainedSize()];
    double[] state = new double[1];
    new WeightEntries(model.graph()).scatter(weights, trained, state, new double[0]);
    try (LossProgram program = new LossProgram(model.graph(), data)) {
      Map<String, Tensor> tensors =
          Map.of(
              "trained", Tensor.copyOf(ElementType.FLOAT64, trained, trained.length),
              "state", Tensor.copyOf(ElementType.FLOAT64, state, 1));
      assertThat(program.loss(tensors)).isCloseTo(want, within(1e-11 * want));
    }
  }
}
