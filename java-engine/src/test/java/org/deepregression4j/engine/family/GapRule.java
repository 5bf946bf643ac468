package org.deepregression4j.engine.family;

import java.lang.reflect.Method;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;

/** Holds a family to its row in {@link FamilyGaps}: what is listed as missing must be missing. */
public final class GapRule implements InvocationInterceptor {
  /** A test class with one instance for every family. */
  public interface OfFamily {
    /** The family's key in {@link FamilyCases}. */
    String key();
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> test, ReflectiveInvocationContext<Method> context, ExtensionContext where)
      throws Throwable {
    Piece piece = context.getExecutable().getAnnotation(Shows.class).value();
    hold(((OfFamily) where.getRequiredTestInstance()).key(), piece, test);
  }

  private static void hold(String key, Piece piece, Invocation<Void> test) throws Throwable {
    String reason = FamilyGaps.of(piece).get(key);
    try {
      test.proceed();
    } catch (TestAbortedException skipped) {
      throw skipped;
    } catch (AssertionError | RuntimeException missing) {
      if (reason == null) {
        String message = key + " lacks " + piece + ", and FamilyGaps gives no reason: ";
        throw new AssertionError(message + missing.getMessage(), missing);
      }
      return;
    }
    if (reason != null) {
      throw new AssertionError(key + " has " + piece + ", but FamilyGaps says: " + reason);
    }
  }
}
