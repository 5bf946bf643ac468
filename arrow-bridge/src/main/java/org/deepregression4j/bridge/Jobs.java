package org.deepregression4j.bridge;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Starts jobs, each on a daemon thread of its own, so that a fit that winds down never holds up the
 * next call, and R can end while one runs.
 */
final class Jobs {
  /** Compiling deep graphs recurses; the default of R's main thread is not ours to change. */
  static final long STACK_BYTES = 128L << 20;

  private final Handles handles;
  private final AtomicLong started = new AtomicLong();

  Jobs(Handles handles) {
    this.handles = handles;
  }

  /** Starts the body; the lease's objects stay open until it ends. */
  String start(Handles.Lease lease, @Nullable ResultVector output, Job.Body body) {
    Job job = new Job(output);
    Runnable work =
        () -> {
          try (lease) {
            job.run(body);
          }
        };
    String name = "deepregression4j-job-" + started.incrementAndGet();
    Thread thread = new Thread(null, work, name, STACK_BYTES);
    thread.setDaemon(true);
    // A failure of closing a table has no one to go to; Java never prints.
    thread.setUncaughtExceptionHandler((which, thrown) -> {});
    String handle = handles.add("job", job);
    thread.start();
    return handle;
  }
}
