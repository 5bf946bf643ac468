package org.deepregression4j.bridge;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.deepregression4j.bridge.BridgeException.TermException;
import org.jspecify.annotations.Nullable;

/**
 * A tiny engine for tests of the bridge, also from R: its only weight is moved to the mean of the
 * response, one epoch at a time, each as slow as asked ({@code "sleep"} milliseconds).
 */
public final class MeanService implements ModelService {
  @Override
  public Model newModel(String specJson, @Nullable Table payload) {
    JsonNode spec = Json.parse("specJson", specJson);
    if (spec.has("bad_term")) {
      String term = spec.get("bad_term").asText();
      throw new TermException(
          term, "term '" + term + "': expected a basis", new IllegalStateException("inner"));
    }
    double start = payload == null ? 0 : payload.only().value(0, 0);
    return new MeanModel(start);
  }

  @Override
  public String families() {
    return "[{\"name\":\"normal\"}]";
  }

  @Override
  public String describeFamily(String familyJson, int responseColumns) {
    return families();
  }

  @Override
  public int distributionColumns(FamilyQuestion question) {
    return question.responseColumns();
  }

  @Override
  public String distribution(
      FamilyQuestion question, Column eta, @Nullable Column values, ResultVector out) {
    throw new UnsupportedOperationException(question.quantity());
  }

  private static final class MeanModel implements Model {
    private double weight;
    private boolean closed;

    MeanModel(double weight) {
      this.weight = weight;
    }

    @Override
    public String describe() {
      return "{\"weights\":1}";
    }

    @Override
    public double[] weights() {
      return new double[] {weight};
    }

    @Override
    public void setWeights(double[] values) {
      weight = values[0];
    }

    @Override
    public String fit(FitData data, String fitJson, Job job) {
      JsonNode fit = Json.parse("fitJson", fitJson);
      int epochs = fit.path("epochs").asInt(1);
      double mean = mean(data.response());
      double[] losses = new double[epochs];
      int epoch = 0;
      while (epoch < epochs && !job.isCancelled()) {
        pause(fit.path("sleep").asLong(0));
        weight = mean;
        losses[epoch++] = 1.0 / epoch;
        job.report(Progress.ofEpoch(epoch, epochs, losses[epoch - 1], Double.NaN));
      }
      job.keep("loss", Arrays.copyOf(losses, epoch));
      return "{\"epochs_done\":" + epoch + "}";
    }

    private static double mean(Column response) {
      ByteBuffer values = response.buffer();
      double sum = 0;
      for (long i = 0; i < response.rows(); i++) {
        sum += values.getDouble();
      }
      return sum / response.rows();
    }

    @Override
    public String predict(Table table, String what, ResultVector out, Job job) {
      out.requireLength(table.rows(), what);
      double[] values = new double[(int) table.rows()];
      Arrays.fill(values, weight);
      out.write(0, values);
      return "{}";
    }

    @Override
    public String logDensity(Table table, Column response, ResultVector out, Job job) {
      while (true) { // a body that knows nothing but checkCancelled
        job.checkCancelled();
        pause(5);
      }
    }

    @Override
    public String inference(Table table, Column response, @Nullable Column weights, Job job) {
      job.keep("coefficients", new double[] {weight});
      return "{\"rows\":" + table.rows() + "}";
    }

    @Override
    public String export(String path, String exportJson, Job job) {
      throw new StackOverflowError();
    }

    @Override
    public void close() {
      if (closed) {
        throw new IllegalStateException("closed twice");
      }
      closed = true;
    }

    private static void pause(long millis) {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
