package org.deepregression4j.onnx.scoring;

import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.RowBlock;
import org.deepregression4j.onnx.runtime.RuntimeFailure;

/** Reusable memory of one scoring run: a feed per column and the outputs. Mutable. */
final class Block implements AutoCloseable {
  private final RowBlock rows;
  private final List<ColumnFeed> feeds;
  private final List<Output> outputs;
  private final DoubleBuffer response;
  private final int responseWidth;

  /** An output (capacity, width), row-major. */
  record Output(String name, int width, DoubleBuffer values) {}

  private Block(OnnxSession session, ModelSignature signature, int capacity, List<String> wanted) {
    rows = session.rowBlock(capacity, new LinkedHashSet<>(wanted));
    feeds =
        signature.columns().stream()
            .map(column -> ColumnFeed.of(column, signature.inputName(column), rows))
            .toList();
    boolean hasResponse = signature.outputs().contains(ModelSignature.LOG_DENSITY);
    response =
        hasResponse ? rows.doubles(ModelSignature.RESPONSE) : DoubleBuffer.wrap(new double[0]);
    responseWidth = hasResponse ? rows.width(ModelSignature.RESPONSE) : 0;
    checkShape(signature, wanted, hasResponse);
    outputs =
        wanted.stream()
            .map(name -> new Output(name, rows.width(name), rows.doubles(name)))
            .toList();
    if (hasResponse) {
      double[] none = new double[response.capacity()];
      Arrays.fill(none, Double.NaN);
      response.put(0, none);
    }
  }

  /**
   * Memory for all outputs but the log-density. Checks as it allocates that the graph has what the
   * signature says.
   *
   * @throws RuntimeFailure when it has not
   */
  static Block ofScores(OnnxSession session, ModelSignature signature, int capacity) {
    List<String> all =
        List.of(
            ModelSignature.PARAMETERS,
            ModelSignature.MEAN,
            ModelSignature.STDDEV,
            ModelSignature.QUANTILE,
            ModelSignature.LINEAR_PREDICTORS);
    List<String> wanted = all.stream().filter(signature.outputs()::contains).toList();
    return new Block(session, signature, capacity, wanted);
  }

  /** Memory for the log-density. */
  static Block ofDensities(OnnxSession session, ModelSignature signature, int capacity) {
    return new Block(session, signature, capacity, List.of(ModelSignature.LOG_DENSITY));
  }

  private void checkShape(ModelSignature signature, List<String> wanted, boolean hasResponse) {
    for (String name : wanted) {
      boolean readsRows = !signature.columns().isEmpty() || name.equals(ModelSignature.LOG_DENSITY);
      if (rows.hasFreeRows(name) != readsRows) {
        throw new RuntimeFailure(
            "expected output '" + name + "' to have a row per row of the columns, or one without");
      }
      checkWidth(signature, name);
    }
    if (rows.inputs().size() != signature.columns().size() + (hasResponse ? 1 : 0)) {
      throw new RuntimeFailure("it has no columns for some of the inputs " + rows.inputs());
    }
  }

  private void checkWidth(ModelSignature signature, String name) {
    int width = rows.width(name);
    int levels = signature.quantileLevels().size();
    if (name.equals(ModelSignature.PARAMETERS) && width != signature.parameters().size()) {
      throw new RuntimeFailure(
          "it names the parameters " + signature.parameters() + ", the graph gives " + width);
    }
    if (name.equals(ModelSignature.QUANTILE) && width % levels != 0) {
      throw new RuntimeFailure(
          "it has quantiles of " + signature.quantileLevels() + ", the graph gives " + width);
    }
  }

  int capacity() {
    return rows.capacity();
  }

  /** Refuses rows whose columns are missing or of another type, before anything runs. */
  void check(Rows source) {
    feeds.forEach(feed -> feed.fill(source, 0, 0));
  }

  void score(Rows source, int from, int to) {
    for (ColumnFeed feed : feeds) {
      feed.fill(source, from, to);
    }
    rows.run(to - from);
  }

  void score(Map<String, ?> row) {
    for (ColumnFeed feed : feeds) {
      feed.fillOne(row);
    }
    rows.run(1);
  }

  /** Columns of the response; 0 for a model that gives no log-densities. */
  int responseWidth() {
    return responseWidth;
  }

  /** The responses of the next run, from rows {@code from} to {@code to} of a row-major matrix. */
  void setResponse(double[] all, int from, int to) {
    response.put(0, all, from * responseWidth, (to - from) * responseWidth);
  }

  /** The outputs, always in the same order. */
  List<Output> outputs() {
    return outputs;
  }

  @Override
  public void close() {
    rows.close();
  }
}
