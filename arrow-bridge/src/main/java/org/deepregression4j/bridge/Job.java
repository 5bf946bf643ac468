package org.deepregression4j.bridge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.deepregression4j.bridge.BridgeException.ArgumentException;
import org.deepregression4j.bridge.BridgeException.CancelledException;
import org.jspecify.annotations.Nullable;

/**
 * Work on a thread of its own. Mutable, thread safe: the body reports progress and asks whether to
 * stop; the facade polls, cancels and takes the result.
 *
 * <p>A body that is asked to stop may either throw (by {@link #checkCancelled}) or leave things in
 * order and return what it reached; both end in the state {@code cancelled}, and in the second case
 * the result is still there.
 */
public final class Job implements AutoCloseable {
  /** What a job does: returns a JSON text, at least {@code "{}"}. */
  @FunctionalInterface
  public interface Body {
    /** Runs on the job's thread. */
    String run(Job job) throws Exception;
  }

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Map<String, double[]> numbers = new ConcurrentHashMap<>();
  private final @Nullable ResultVector output;
  private volatile Progress progress = Progress.NONE;
  private volatile boolean cancelled;
  private volatile @Nullable String result;
  private volatile @Nullable BridgeException failure;

  Job(@Nullable ResultVector output) {
    this.output = output;
  }

  /** Whether the body should stop; cheap enough to ask per batch. */
  public boolean isCancelled() {
    return cancelled;
  }

  /** Stops the body when it was asked to. */
  public void checkCancelled() {
    if (cancelled) {
      throw new CancelledException("cancelled at the user's request");
    }
  }

  /** Replaces the snapshot that the next poll shows. */
  public void report(Progress snapshot) {
    progress = snapshot;
  }

  /** Keeps numbers that R may ask for by name; copied. */
  public void keep(String name, double[] values) {
    numbers.put(name, values.clone());
  }

  void run(Body body) {
    try {
      String json = body.run(this);
      if (output != null && output.isOwn()) {
        numbers.put("values", output.values());
      }
      result = json;
    } catch (Throwable thrown) { // also StackOverflowError and OutOfMemoryError: R must hear of it
      failure = BridgeException.of(thrown);
    } finally {
      ended.countDown();
    }
  }

  String poll(long millis) throws InterruptedException {
    boolean over = ended.await(millis, TimeUnit.MILLISECONDS);
    Progress now = progress;
    ObjectNode node = Json.object().put("state", over ? state() : "running");
    node.put("epoch", now.epoch()).put("epochs", now.epochs());
    node.put("batch", now.batch()).put("batches", now.batches());
    Json.putFinite(node, "loss", now.loss());
    Json.putFinite(node, "val_loss", now.valLoss());
    return node.put("message", now.message()).toString();
  }

  private String state() {
    if (cancelled && (failure == null || failure instanceof CancelledException)) {
      return "cancelled";
    }
    return failure == null ? "done" : "failed";
  }

  /** False when the job had ended already. */
  boolean cancel() {
    boolean running = ended.getCount() > 0;
    cancelled |= running;
    if (output != null) {
      output.revoke();
    }
    return running;
  }

  String result() {
    if (ended.getCount() > 0) {
      throw new ArgumentException("job", "job: expected a finished job, this one is running");
    }
    if (failure != null) {
      throw failure;
    }
    return result == null ? "{}" : result;
  }

  double[] numbers(String name) {
    double[] values = numbers.get(name);
    if (values == null) {
      throw new ArgumentException(
          "name", "name: expected one of " + numbers.keySet() + ", got '" + name + "'");
    }
    return values.clone();
  }

  /** Cancels; does not wait. */
  @Override
  public void close() {
    cancel();
  }
}
