package org.deepregression4j.bridge;

import java.util.Iterator;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.deepregression4j.bridge.BridgeException.ArgumentException;
import org.jspecify.annotations.Nullable;

/**
 * The facade that R and Renjin call; one instance per session, thread safe.
 *
 * <p>Signatures hold scalars, {@code double[]}, {@code String} and {@code String[]} only; nothing
 * is {@code void} (rJava would raise its exception at the next call) and no two methods share a
 * name. Handles are strings; {@code ""} stands for "none". What fails throws a {@link
 * BridgeException}. Nothing is printed.
 */
public final class Bridge {
  private final Handles handles = new Handles();
  private final Jobs jobs = new Jobs(handles);
  private final Memory memory = new Memory();
  private volatile @Nullable ModelService service;
  private volatile @Nullable Thread warming;

  /** A facade whose engine is found on the class path when it is first needed. */
  public Bridge() {
    this(null);
  }

  Bridge(@Nullable ModelService service) {
    this.service = service;
  }

  /**
   * Takes over a struct array that R exported; see {@link Column} for what becomes of each type.
   *
   * @param arrayAddress decimal address of the {@code ArrowArray}
   * @param schemaAddress decimal address of the {@code ArrowSchema}
   * @return table handle
   */
  public String importTable(String arrayAddress, String schemaAddress) {
    long array = Addresses.parse("arrayAddress", arrayAddress);
    long schema = Addresses.parse("schemaAddress", schemaAddress);
    return guard(() -> handles.add("table", ArrowImport.read(memory.allocator(), array, schema)));
  }

  /**
   * Copies small columns that come as plain arguments.
   *
   * @param schemaJson {@code {"rows": n, "columns": [{"name", "kind", "width"?, "levels"?}]}}
   * @param values numbers of all numeric columns, one after another, matrices column-major
   * @param texts values of all character columns, null where missing
   * @return table handle
   */
  public String plainTable(String schemaJson, double[] values, String[] texts) {
    return guard(() -> handles.add("table", PlainImport.read(schemaJson, values, texts)));
  }

  /** JSON {@code {"rows", "columns": [{"name", "kind", "width", "levels"}]}}. */
  public String describeTable(String table) {
    return guard(() -> TableText.describe(handles.get("table", table, Table.class)));
  }

  /** Job that writes a column back as doubles, column-major; NA stays NA. */
  public String startCopyColumn(String table, String column, String outAddress, double length) {
    return startInto(
        outAddress,
        length,
        (lease, out) -> {
          Column source = lease.use("table", table, Table.class).column(column);
          return job -> TableText.copy(source, out, job);
        });
  }

  /** Lets go of a table, model or job (which is cancelled); false when it was not open. */
  public boolean release(String handle) {
    return guard(() -> handles.release(handle));
  }

  /** Number of open handles of all kinds. */
  public int openHandles() {
    return handles.count();
  }

  /** Bytes that imported tables hold at present, for leak tests. */
  public double importedBytes() {
    return memory.bytes();
  }

  /** Builds a model; {@code payloadTable} may be {@code ""}; returns the model handle. */
  public String newModel(String specJson, String payloadTable) {
    return guard(
        () -> {
          try (Handles.Lease lease = handles.lease()) {
            Table payload = tableOrNull(lease, "payloadTable", payloadTable);
            return handles.add("model", service().newModel(specJson, payload));
          }
        });
  }

  /** JSON: parameters (predictor, term, rows, columns, offset, ...), columns, notes. */
  public String describe(String model) {
    return guard(() -> model(model).describe());
  }

  /** All weights, flat. */
  public double[] weights(String model) {
    return guard(() -> model(model).weights());
  }

  /** Replaces all weights; always true. */
  public boolean setWeights(String model, double[] values) {
    return guard(
        () -> {
          model(model).setWeights(values);
          return true;
        });
  }

  /**
   * Job that trains the model in place. {@code response}, {@code weights} and {@code
   * validationResponse} are handles of tables with one column, or names of columns of the table.
   */
  public String startFit(
      String model,
      String table,
      String response,
      String weights,
      String validationTable,
      String validationResponse,
      String fitJson) {
    return start(
        null,
        lease -> {
          Model fitted = lease.use("model", model, Model.class);
          Table data = lease.use("table", table, Table.class);
          Table held = tableOrNull(lease, "validationTable", validationTable);
          FitData fitData =
              new FitData(
                  data,
                  required("response", columnOrNull(lease, "response", response, data)),
                  columnOrNull(lease, "weights", weights, data),
                  held,
                  columnOrNull(lease, "validationResponse", validationResponse, held));
          return job -> fitted.fit(fitData, fitJson, job);
        });
  }

  /** Job that writes {@code what} of every row, column-major, to R's vector. */
  public String startPredict(
      String model, String table, String what, String outAddress, double length) {
    return startInto(
        outAddress,
        length,
        (lease, out) -> {
          Model fitted = lease.use("model", model, Model.class);
          Table data = lease.use("table", table, Table.class);
          return job -> fitted.predict(data, what, out, job);
        });
  }

  /** Job that writes the log-density of every row to R's vector. */
  public String startLogDensity(
      String model, String table, String response, String outAddress, double length) {
    return startInto(
        outAddress,
        length,
        (lease, out) -> {
          Model fitted = lease.use("model", model, Model.class);
          Table data = lease.use("table", table, Table.class);
          Column y = required("response", columnOrNull(lease, "response", response, data));
          return job -> fitted.logDensity(data, y, out, job);
        });
  }

  /**
   * Job that computes covariance and effective degrees of freedom of the structured coefficients.
   * {@code response} and {@code weights} as for {@link #startFit}; {@link #numbers} has
   * "coefficients", "vcov", "vcov_frequentist", "hessian", "penalty", "edf" and "edf1".
   */
  public String startInference(String model, String table, String response, String weights) {
    return start(
        null,
        lease -> {
          Model fitted = lease.use("model", model, Model.class);
          Table data = lease.use("table", table, Table.class);
          Column y = required("response", columnOrNull(lease, "response", response, data));
          Column rowWeights = columnOrNull(lease, "weights", weights, data);
          return job -> fitted.inference(data, y, rowWeights, job);
        });
  }

  /**
   * Job that writes the scoring model to a file.
   *
   * @param exportJson {@code {"quantiles": [level...]?, "log_density": bool?, "linear_predictors":
   *     bool?}}
   */
  public String startExport(String model, String path, String exportJson) {
    return start(
        null,
        lease -> {
          Model fitted = lease.use("model", model, Model.class);
          return job -> fitted.export(path, exportJson, job);
        });
  }

  /**
   * Waits at most {@code millis} for a job: JSON {@code {"state": "running" | "done" | "failed" |
   * "cancelled", "epoch", "epochs", "batch", "batches", "loss"?, "val_loss"?, "message"}}.
   */
  public String poll(String job, int millis) {
    return guard(() -> handles.get("job", job, Job.class).poll(millis));
  }

  /**
   * Asks a job to stop; false when it had ended. Once this returns, the job writes no more to R's
   * vector.
   */
  public boolean cancel(String job) {
    return guard(() -> handles.get("job", job, Job.class).cancel());
  }

  /** JSON of what a finished job has to say; throws what the job threw. */
  public String result(String job) {
    return guard(() -> handles.get("job", job, Job.class).result());
  }

  /** Numbers a job kept: "loss", "val_loss" per epoch, "values" without an out address. */
  public double[] numbers(String job, String name) {
    return guard(() -> handles.get("job", job, Job.class).numbers(name));
  }

  /** JSON table: name, and parameters and links, or the options that the family takes. */
  public String families() {
    return guard(() -> service().families());
  }

  /** JSON of one family for a response of so many columns: parameters, links, what it has. */
  public String describeFamily(String familyJson, double responseColumns) {
    return guard(() -> service().describeFamily(familyJson, whole(responseColumns)));
  }

  /** Columns of one answer to a quantity of a family, for a response of so many columns. */
  public double distributionColumns(String familyJson, String quantity, double responseColumns) {
    return guard(
        () ->
            service()
                .distributionColumns(
                    new FamilyQuestion(familyJson, quantity, whole(responseColumns))));
  }

  /**
   * Job that writes a quantity of a family's distributions, column-major, to R's vector.
   *
   * @param etaTable table of one matrix column: the linear predictors (n, q·r)
   * @param valuesTable {@code ""}, or a table of one column: the values (n, k·c) or (1, k·c)
   */
  public String startDistribution(
      String familyJson,
      String quantity,
      double responseColumns,
      String etaTable,
      String valuesTable,
      String outAddress,
      double length) {
    FamilyQuestion question =
        guard(() -> new FamilyQuestion(familyJson, quantity, whole(responseColumns)));
    return startInto(
        outAddress,
        length,
        (lease, out) -> {
          Column eta = lease.use("etaTable", etaTable, Table.class).only();
          Table given = tableOrNull(lease, "valuesTable", valuesTable);
          Column values = given == null ? null : given.only();
          return job -> service().distribution(question, eta, values, out);
        });
  }

  private static int whole(double responseColumns) {
    if (!(responseColumns >= 1 && responseColumns <= 1e6)
        || responseColumns != Math.rint(responseColumns)) {
      throw new ArgumentException(
          "responseColumns", "responseColumns: expected 1, 2, ..., got " + responseColumns);
    }
    return (int) responseColumns;
  }

  /** Loads Arrow and the engine on a thread of its own; returns at once. */
  public boolean warmUp() {
    Thread thread =
        new Thread(
            () -> {
              memory.warmUp();
              service().warmUp();
            },
            "deepregression4j-warm-up");
    thread.setDaemon(true);
    // What is wrong here is said by the first call that needs it.
    thread.setUncaughtExceptionHandler((which, thrown) -> {});
    warming = thread;
    thread.start();
    return true;
  }

  /**
   * Waits until the warm-up is over, at most 10 seconds; for the end of a session, since native
   * libraries must not be loading while the process goes down. False when it is still running.
   */
  public boolean finishWarmUp() {
    Thread thread = warming;
    if (thread == null) {
      return true;
    }
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  private interface Preparation {
    Job.Body prepare(Handles.Lease lease);
  }

  private interface OutputPreparation {
    Job.Body prepare(Handles.Lease lease, ResultVector out);
  }

  private String startInto(String address, double length, OutputPreparation work) {
    return guard(
        () -> {
          ResultVector out = ResultVector.of(address, length);
          return start(out, lease -> work.prepare(lease, out));
        });
  }

  private String start(@Nullable ResultVector out, Preparation work) {
    Handles.Lease lease = handles.lease();
    return guard(
        () -> {
          try {
            return jobs.start(lease, out, work.prepare(lease));
          } catch (Throwable thrown) {
            lease.close();
            throw thrown;
          }
        });
  }

  private Model model(String handle) {
    return handles.get("model", handle, Model.class);
  }

  private static @Nullable Table tableOrNull(Handles.Lease lease, String argument, String handle) {
    return handle.isEmpty() ? null : lease.use(argument, handle, Table.class);
  }

  private static @Nullable Column columnOrNull(
      Handles.Lease lease, String argument, String source, @Nullable Table table) {
    if (source.isEmpty()) {
      return null;
    }
    if (source.startsWith("table:")) {
      return lease.use(argument, source, Table.class).only();
    }
    if (table == null) {
      throw new ArgumentException(argument, argument + ": column '" + source + "' of no table");
    }
    return table.column(source);
  }

  private static Column required(String argument, @Nullable Column column) {
    if (column == null) {
      throw new ArgumentException(argument, argument + ": expected a table or column, got none");
    }
    return column;
  }

  private ModelService service() {
    ModelService found = service;
    if (found == null) {
      synchronized (this) {
        Iterator<ModelService> all =
            ServiceLoader.load(ModelService.class, Bridge.class.getClassLoader()).iterator();
        if (!all.hasNext()) {
          throw new BridgeException(
              "engine", "no engine (ModelService) is on the class path", null);
        }
        found = service == null ? all.next() : service;
        service = found;
      }
    }
    return found;
  }

  private static <T> T guard(Callable<T> work) {
    try {
      return work.call();
    } catch (Throwable thrown) { // errors too: R must get a condition with a code
      throw BridgeException.of(thrown);
    }
  }
}
