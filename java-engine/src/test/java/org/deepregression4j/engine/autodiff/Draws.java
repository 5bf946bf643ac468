package org.deepregression4j.engine.autodiff;

import java.util.SplittableRandom;

/** Seeded test data; a test that failed repeats with the seed that is printed. Mutable. */
final class Draws {
  private final SplittableRandom random;

  Draws(String what, long seed) {
    random = new SplittableRandom(seed + what.hashCode());
  }

  /** Prints the seed of a test class, once. */
  static long announce(Class<?> test, long seed) {
    System.out.println(test.getSimpleName() + ": seed " + seed);
    return seed;
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
