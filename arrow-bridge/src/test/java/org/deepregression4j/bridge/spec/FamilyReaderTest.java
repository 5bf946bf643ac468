package org.deepregression4j.bridge.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.family.Moments;
import org.deepregression4j.engine.family.Support;
import org.junit.jupiter.api.Test;

class FamilyReaderTest {
  private static Family read(String json) {
    try {
      String quoted = json.replace('\'', '"');
      return FamilyReader.family(
          new Node(new ObjectMapper().readTree(quoted), "family", new double[0]));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static List<String> parameters(Family family) {
    return family.parameters().stream().map(p -> p.name() + " " + p.link().label()).toList();
  }

  @Test
  void namesAndOptions() {
    assertThat(read("'normal'").name()).isEqualTo("normal");
    assertThat(read("{'name': 'quantile', 'level': 0.9}").isPseudo()).isTrue();
    assertThat(parameters(read("{'name': 'gamma', 'links': ['softplus', 'exp']}")))
        .containsExactly("concentration softplus", "rate exp");
    assertThatThrownBy(() -> read("{'name': 'quantile', 'level': 'high'}"))
        .hasMessageContaining("expected a number, got \"high\"");
    assertThatThrownBy(() -> read("{'name': 'quantile', 'tau': 1}"))
        .hasMessage("family 'quantile' has no option [tau]; there are [level]");
  }

  @Test
  void mixturesAndInflation() {
    assertThat(parameters(read("{'name': 'mixture', 'components': ['normal', 'cauchy']}")))
        .containsExactly(
            "logits_2 identity", "loc.1 identity", "scale.1 exp", "loc.2 identity", "scale.2 exp");
    assertThat(parameters(read("{'name': 'inflated', 'components': ['beta'], 'values': [0, 1]}")))
        .containsExactly(
            "logit_at_0 identity",
            "logit_at_1 identity",
            "concentration1 exp",
            "concentration0 exp");
    String weibull = "{'name': 'weibull', 'links': ['softplus', 'exp']}";
    assertThat(parameters(read("{'name': 'censored', 'components': [" + weibull + "]}")))
        .containsExactly("concentration softplus", "scale exp");
  }

  @Test
  void componentsAreFamiliesOfTheirOwn() {
    Family mixture =
        read(
            "{'name': 'mixture', 'entropy_penalty': 0.5, 'components': [{'name': 'normal', 'links':"
                + " ['identity', 'softplus']}, {'name': 'tweedie', 'power': 1.2}]}");
    assertThat(parameters(mixture)).contains("scale.1 softplus", "dispersion.2 exp");
    assertThat(mixture.isPenalised()).isTrue();
    assertThat(read("{'name': 'mixture', 'components': ['normal', 'cauchy']}").isPenalised())
        .isFalse();
    String censored = "{'name': 'censored', 'components': [{'name': 'weibull', 'links': %s}]}";
    assertThat(parameters(read(censored.formatted("['softplus', 'exp']"))))
        .containsExactly("concentration softplus", "scale exp");
    assertThatThrownBy(
            () -> read("{'name': 'mixture', 'components': ['normal', 'normal'], 'penalty': 1}"))
        .hasMessage("mixture: expected no other option than 'entropy_penalty', got [penalty]");
    assertThatThrownBy(
            () ->
                read(
                    "{'name': 'mixture', 'components': ['normal', 'normal'],"
                        + " 'entropy_penalty': -1}"))
        .hasMessage("mixture: expected an entropy_penalty of at least 0, got -1.0");
  }

  @Test
  void familiesOfOtherParameters() {
    String t4 =
        "'name': 'composed', 'label': 't4', 'components': ['student_t_ls'], 'parameters': [{'name':"
            + " 'loc'}, {'name': 'scale', 'link': 'exp'}]";
    String arguments = "'arguments': [{'value': 4}, {'column': 'loc'}, {'column': 'scale'}]";
    Family family = read("{" + t4 + ", " + arguments + "}");
    assertThat(family.name()).isEqualTo("t4");
    assertThat(parameters(family)).containsExactly("loc identity", "scale exp");
    assertThat(family.hasCdf()).isTrue();
    assertThatThrownBy(() -> read("{" + t4 + ", 'arguments': [{'column': 'loc'}]}"))
        .hasMessage("family 't4': expected one argument for each of [df, loc, scale], got 1");
    assertThatThrownBy(() -> read("{" + t4 + ", " + arguments.replace("'scale'", "'rate'") + "}"))
        .hasMessage("family 't4': expected arguments that read [loc, scale], got [loc, rate]");
    assertThatThrownBy(() -> read("{'name': 'composed', 'parameters': [], 'arguments': []}"))
        .hasMessage("composed: expected one family, got 0");
  }

  @Test
  void namedPartsAndStarts() {
    String square =
        "{'let': [{'name': 'z', 'value': {'call': '-', 'args': [{'column': 'y'}, {'column':"
            + " 'm'}]}}], 'in': {'call': '*', 'args': [{'column': 'z'}, {'column': 'z'}]}}";
    String own = "{'name': 'custom', 'parameters': [{'name': 'm'}], 'log_density': " + square;
    assertThat(parameters(read(own + "}"))).containsExactly("m identity");
    assertThatThrownBy(() -> read(own.replace("'name': 'z'", "'name': 'x'") + "}"))
        .hasMessageContaining("log_density reads [z]");
    Moments moments = Moments.of(new double[] {1, 2, 6});
    assertThat(read(own + ", 'start': [2.5]}").startingValues(moments)).containsExactly(2.5);
    assertThat(
            read("{'name': 'normal', 'start': [1, 2, 3, 4]}")
                .startingValues(List.of(moments, moments)))
        .containsExactly(1, 2, 3, 4);
    assertThatThrownBy(() -> read(own + ", 'start': [1, 2]}").startingValues(moments))
        .hasMessage("family 'custom': expected 1 linear predictors to start at, got 2");
  }

  @Test
  void linksMayBeExpressions() {
    String softplus = "{'call': 'softplus', 'args': [{'column': 'eta'}]}";
    String shifted = "{'call': '+', 'args': [" + softplus + ", {'value': 0.001}]}";
    Family family = read("{'name': 'normal', 'links': ['identity', " + shifted + "]}");
    assertThat(parameters(family)).containsExactly("loc identity", "scale (softplus(eta) + 0.001)");
    assertThat(family.parameters().get(1).link().at(0))
        .isCloseTo(Math.log(2) + .001, within(1e-15));
    String own =
        "{'name': 'custom', 'parameters': [{'name': 'm', 'link': "
            + shifted
            + "}],"
            + " 'log_density': {'call': '*', 'args': [{'column': 'y'}, {'column': 'm'}]}}";
    assertThat(parameters(read(own))).containsExactly("m (softplus(eta) + 0.001)");
    assertThatThrownBy(() -> read("{'name': 'poisson', 'links': [{'column': 'x'}]}"))
        .hasMessage("link 'x': expected an expression of 'eta', got one of [x]");
    assertThatThrownBy(() -> read("{'name': 'poisson', 'links': [['exp']]}"))
        .hasMessageContaining("expected a link's name or an expression");
  }

  @Test
  void logDensitiesOfOnesOwn() {
    String exponential =
        "{'name': 'custom', 'label': 'mine', 'support': 'positive',"
            + "'parameters': [{'name': 'rate', 'link': 'exp'}], 'log_density': {'call': '-', 'args': ["
            + "{'call': 'log', 'args': [{'column': 'rate'}]},"
            + "{'call': '*', 'args': [{'column': 'rate'}, {'column': 'y'}]}]}}";
    Family family = read(exponential);
    assertThat(family.name()).isEqualTo("mine");
    assertThat(family.support()).isEqualTo(Support.POSITIVE);
    assertThat(parameters(family)).containsExactly("rate exp");
    assertThatThrownBy(() -> read(exponential.replace("'log'", "'gammainc'")))
        .hasMessageContaining("there is no function 'gammainc'; there are +");
    assertThatThrownBy(() -> read(exponential.replace("'y'", "'z'")))
        .hasMessage("family 'mine': log_density reads [z]; there are [y, rate]");
  }
}
