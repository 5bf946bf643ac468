package org.deepregression4j.engine.autodiff;

import java.util.SplittableRandom;

/** Seeded test data; the seed is printed, so that a failure can be repeated. Mutable. */
final class Draws {
  private final SplittableRandom random;

  Draws(String what, long seed) {
    random = new SplittableRandom(seed + what.hashCode());
    System.out.println(what + ": seed " + seed);
  }

  double uniform(double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  double[] uniform(int n, double low, double high) {
    double[] out = new double[n];
    for (int i = 0; i < n; i++) {
      out[i] = uniform(low, high);
    }
    return out;
  }
}
