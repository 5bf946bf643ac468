package org.deepregression4j.onnx.scoring;

import java.nio.DoubleBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.RowBlock;
import org.deepregression4j.onnx.runtime.RuntimeFailure;

/** Reusable memory of one scoring run: a feed per column and the outputs. Mutable. */
final class Block implements AutoCloseable {
  private final RowBlock rows;
  private final List<ColumnFeed> feeds;
  private final DoubleBuffer parameters;
  private final DoubleBuffer mean;
  private final DoubleBuffer stddev;

  /**
   * Checks as it allocates that the graph has what the signature says.
   *
   * @throws RuntimeFailure when it has not
   */
  Block(OnnxSession session, ModelSignature signature, int capacity) {
    Set<String> wanted = new LinkedHashSet<>();
    wanted.add(ModelSignature.PARAMETERS);
    for (String moment : List.of(ModelSignature.MEAN, ModelSignature.STDDEV)) {
      if (signature.outputs().contains(moment)) {
        wanted.add(moment);
      }
    }
    rows = session.rowBlock(capacity, wanted);
    feeds = signature.columns().stream().map(column -> ColumnFeed.of(column, rows)).toList();
    parameters = output(ModelSignature.PARAMETERS, wanted);
    checkShape(signature, wanted);
    mean = output(ModelSignature.MEAN, wanted);
    stddev = output(ModelSignature.STDDEV, wanted);
  }

  private void checkShape(ModelSignature signature, Set<String> wanted) {
    for (String name : wanted) {
      if (rows.hasFreeRows(name) == signature.columns().isEmpty()) {
        throw new RuntimeFailure(
            "expected output '" + name + "' to have a row per row of the columns, or one without");
      }
    }
    int width = rows.width(ModelSignature.PARAMETERS);
    if (width != signature.parameters().size()) {
      throw new RuntimeFailure(
          "it names the parameters " + signature.parameters() + ", the graph gives " + width);
    }
    if (rows.inputs().size() != signature.columns().size()) {
      throw new RuntimeFailure("it has no columns for some of the inputs " + rows.inputs());
    }
  }

  private DoubleBuffer output(String name, Set<String> wanted) {
    return wanted.contains(name) ? rows.doubles(name) : DoubleBuffer.allocate(0);
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

  DoubleBuffer parameters() {
    return parameters;
  }

  DoubleBuffer mean() {
    return mean;
  }

  DoubleBuffer stddev() {
    return stddev;
  }

  @Override
  public void close() {
    rows.close();
  }
}
