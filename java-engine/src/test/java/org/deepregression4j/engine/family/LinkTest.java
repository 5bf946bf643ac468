package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.stream.Stream;
import org.deepregression4j.engine.family.CustomFamily.Expression;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LinkTest {
  private static final Expression ETA = new CustomFamily.Symbol("eta");

  private static Expression number(double value) {
    return new CustomFamily.Number(value);
  }

  /** log(1 + exp(eta)) + 0.001. */
  private static Link shiftedSoftplus() {
    Expression softplus = CustomFamily.call("softplus", ETA);
    return Link.custom(CustomFamily.call("+", softplus, number(.001)));
  }

  static Stream<Link> links() {
    return Stream.concat(
        Link.rows().stream().filter(link -> link != Link.SOFTMAX), Stream.of(shiftedSoftplus()));
  }

  @ParameterizedTest
  @MethodSource("links")
  void formsAreThoseOfTheValue(Link link) {
    double[] x = {-3, -.4, .3, .9};
    Value eta = Ops.input("eta", ElementType.FLOAT64, Shape.rows("n", 1));
    LinkedValue linked = new LinkedValue(eta, link);
    Map<String, Value> out =
        Map.of(
            "complement", linked.logComplement(),
            "logit", linked.logit(),
            "reciprocal", linked.reciprocal());
    Graph graph = Graph.of("link", Map.of("eta", eta), out);
    try (OnnxSession session = OnnxSession.open(OnnxWriter.toBytes(graph))) {
      Tensor in = Tensor.copyOf(ElementType.FLOAT64, x, x.length, 1);
      Map<String, Tensor> got = session.run(Map.of("eta", in), out.keySet());
      for (int i = 0; i < x.length; i++) {
        double h = link.at(x[i]);
        assertThat(got.get("reciprocal").toDoubles()[i])
            .isCloseTo(1 / h, within(1e-13 / Math.abs(h)));
        if (h < 1) {
          assertThat(got.get("complement").toDoubles()[i]).isCloseTo(Math.log1p(-h), within(1e-13));
        }
        if (h > 0 && h < 1) {
          assertThat(got.get("logit").toDoubles()[i])
              .isCloseTo(Math.log(h) - Math.log1p(-h), within(1e-13));
        }
      }
    }
  }

  @Test
  void edgesAreWhereTheParameterSaysNoMore() {
    assertThat(edges(Link.IDENTITY)).isEqualTo("");
    assertThat(edges(Link.EXP)).isEqualTo("<>");
    assertThat(edges(Link.EXP_NEG)).isEqualTo("<>");
    assertThat(edges(Link.SOFTPLUS)).isEqualTo("<");
    assertThat(edges(Link.SIGMOID)).isEqualTo("<>");
    assertThat(edges(shiftedSoftplus())).isEqualTo("<");
    assertThat(edges(Link.custom(CustomFamily.call("sqrt", ETA)))).isEqualTo("<");
    assertThat(edges(Link.custom(CustomFamily.call("tanh", ETA)))).isEqualTo("<>");
  }

  private static String edges(Link link) {
    return (link.hasLowerEdge() ? "<" : "") + (link.hasUpperEdge() ? ">" : "");
  }

  @Test
  void expressionsAreLinks() {
    Link link = shiftedSoftplus();
    assertThat(link.label()).isEqualTo("(softplus(eta) + 0.001)");
    for (double eta : new double[] {-25, -1, 0, .3, 28}) {
      double want = Math.log1p(Math.exp(eta)) + .001;
      assertThat(link.at(eta)).isCloseTo(want, within(1e-14 * want));
      double back = link.inverse(want);
      assertThat(Math.log1p(Math.exp(back)) + .001).isCloseTo(want, within(1e-12 * want));
    }
    assertThat(link.inverse(.0005)).isNaN();
    assertThat(link.inverse(Double.NaN)).isNaN();
    Link falling = Link.custom(CustomFamily.call("exp", CustomFamily.call("-", ETA)));
    assertThat(falling.label()).isEqualTo("exp((-eta))");
    assertThat(falling.inverse(10)).isCloseTo(-Math.log(10), within(1e-11));
  }

  @Test
  void whatIsNoLinkIsRefused() {
    Expression other = CustomFamily.call("*", ETA, new CustomFamily.Symbol("x"));
    assertThatThrownBy(() -> Link.custom(other))
        .hasMessageContaining("link '(eta * x)': expected an expression of 'eta'");
    assertThatThrownBy(() -> Link.custom(number(1)))
        .hasMessage("link '1': expected an expression of 'eta', got one of []");
    assertThatThrownBy(() -> Link.named("cloglog"))
        .hasMessageContaining("unknown link 'cloglog'; there are [identity, exp, exp_neg");
  }
}
