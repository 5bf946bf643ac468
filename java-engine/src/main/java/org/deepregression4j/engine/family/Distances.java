package org.deepregression4j.engine.family;

import java.util.List;
import java.util.function.UnaryOperator;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * The two distances of which the continuous ranked probability score is the difference. They are
 * linear and bilinear in the distribution, so that mixtures have theirs from their components.
 * Source: Gneiting and Raftery (2007), equation 21.
 */
interface Distances {
  /** E|Y − y|. */
  Value to(Family family, Value y, List<LinkedValue> theta);

  /** ½ E|Y − Y′| for two responses of the distribution. */
  Value within(Family family, List<LinkedValue> theta);

  /** The score, (n, columns), for any y. */
  default Value score(Family family, Value y, List<LinkedValue> theta) {
    return Ops.sub(to(family, y, theta), within(family, theta));
  }

  /** These distances of a family whose parameters are functions of others. */
  default Distances through(Family inside, UnaryOperator<List<LinkedValue>> inner) {
    return of(
        (y, theta) -> to(inside, y, inner.apply(theta)),
        theta -> within(inside, inner.apply(theta)),
        (y, theta) -> score(inside, y, inner.apply(theta)));
  }

  /** Zeros of the shape of the parameters together. */
  static Value zeros(List<LinkedValue> theta) {
    return theta.stream().map(RealFamilies::zeros).reduce(Ops::add).orElseThrow();
  }

  /** Closed forms. */
  static Distances of(Family.Density to, Family.Statistic within) {
    return of(to, within, (y, theta) -> Ops.sub(to.at(y, theta), within.at(theta)));
  }

  /** Closed forms, with the score in a form of its own. */
  static Distances of(Family.Density to, Family.Statistic within, Family.Density score) {
    return new Distances() {
      @Override
      public Value to(Family family, Value y, List<LinkedValue> theta) {
        return to.at(y, theta);
      }

      @Override
      public Value within(Family family, List<LinkedValue> theta) {
        return within.at(theta);
      }

      @Override
      public Value score(Family family, Value y, List<LinkedValue> theta) {
        return score.at(y, theta);
      }
    };
  }

  /** Closed forms of a standardised response: location 0 and scale 1. */
  static Distances ofScale(UnaryOperator<Value> to, double within) {
    return of(
        (y, p) ->
            Ops.mul(to.apply(RealFamilies.standardise(y, p.get(0), p.get(1))), p.get(1).value()),
        p -> Ops.mul(p.get(1).value(), within));
  }
}
