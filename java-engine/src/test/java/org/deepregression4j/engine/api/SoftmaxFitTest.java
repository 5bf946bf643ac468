package org.deepregression4j.engine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.family.Link;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.solve.Note;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.Intercept;
import org.deepregression4j.engine.term.Linear;
import org.deepregression4j.engine.term.StructuredTerm;
import org.deepregression4j.engine.train.FitOptions;
import org.deepregression4j.engine.train.TrainingListener;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Predictors of a softmax are known up to a shift of all columns, about which nobody is warned. */
class SoftmaxFitTest {
  private static final int N = 300;
  private static final int CLASSES = 3;

  private final double[] x = new SplittableRandom(1).doubles(N, -1, 1).toArray();

  private TrainingData data() {
    double[] z = Arrays.stream(x).map(v -> 3 * v - 2).toArray();
    SplittableRandom random = new SplittableRandom(2);
    double[] y = new double[N * CLASSES];
    for (int i = 0; i < N; i++) {
      y[i * CLASSES + (int) (CLASSES * Math.pow(random.nextDouble(), 1 + x[i] / 2))] = 1;
    }
    return TrainingData.of(
        Dataset.builder(N).doubles("x", x).doubles("z", z).build(),
        Tensor.copyOf(ElementType.FLOAT64, y, N, CLASSES));
  }

  private static Model fitted(String family, TrainingData data, String... columns) {
    List<StructuredTerm> terms = new ArrayList<>();
    for (String name : columns) {
      terms.add(new Linear(name, List.of(name), List.of(Component.numeric(name)), false, null));
    }
    terms.add(new Intercept());
    String parameter = Families.named(family).parameters().get(0).name();
    Model model =
        new Model(
            new ModelDefinition(
                Families.named(family),
                ElementType.FLOAT64,
                1,
                CLASSES,
                Arrays.stream(columns).map(ColumnSpec::real).toList(),
                List.of(Predictor.of(parameter, terms)),
                Map.of()));
    model.fit(data, FitOptions.DEFAULT, TrainingListener.NONE);
    return model;
  }

  @ParameterizedTest
  @CsvSource({"multinoulli,logits", "multinomial,probs"})
  void theShiftIsNoNoteACollinearColumnIs(String family, String parameter) {
    TrainingData data = data();
    Model one = fitted(family, data, "x");
    assertThat(one.exactFit().orElseThrow().notes()).isEmpty();
    assertThat(one.inference(data).statistics().notes()).isEmpty();

    Model both = fitted(family, data, "x", "z");
    List<Note> notes = both.exactFit().orElseThrow().notes();
    assertThat(notes).extracting(Note::kind).containsOnly(Note.Kind.NOT_IDENTIFIED);
    assertThat(notes.stream().flatMap(note -> note.terms().stream()).distinct())
        .containsExactlyInAnyOrder(
            "'" + parameter + ": (Intercept)'", "'" + parameter + ": x'", "'" + parameter + ": z'");
    assertThat(both.inference(data).statistics().notes()).isEqualTo(notes);
    double plain = one.inference(data).statistics().logLikelihood();
    assertThat(both.inference(data).statistics().logLikelihood()).isCloseTo(plain, within(1e-8));
  }

  @ParameterizedTest
  @CsvSource({"multinoulli,exp", "multinomial,sigmoid"})
  void anotherLinkSeesTheShift(String family, String link) {
    assertThat(Families.named(family).isShiftInvariant()).isTrue();
    assertThat(Families.named(family).withLinks(List.of(Link.named(link))).isShiftInvariant())
        .isFalse();
  }
}
