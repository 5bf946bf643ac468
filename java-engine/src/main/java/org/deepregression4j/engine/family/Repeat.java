package org.deepregression4j.engine.family;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;

/** Fixed-point iterations on whole columns, as a Loop that ends when every row has settled. */
final class Repeat {
  /** Relative change at which a row has settled: above the rounding of 1 + change. */
  static final double SETTLED = 1e-15;

  private Repeat() {}

  /**
   * What a trip gives.
   *
   * @param state the next state, of the shapes of the last one
   * @param change how far it moved; NaN counts as settled
   */
  record Next(List<Value> state, Value change) {}

  /**
   * {@code special} where {@code isSpecial}, which is computed only if there is such a row;
   * otherwise {@code usual}, of the same shape.
   */
  static Value whereAny(String name, Value isSpecial, Value usual, Supplier<Value> special) {
    Value count = Ops.sumAll(Ops.cast(isSpecial, usual.type()));
    Value trips = Ops.cast(Ops.min(count, Ops.scalar(count, 1)), ElementType.INT64);
    Map<String, Value> in = new LinkedHashMap<>();
    in.put("trip", Ops.input("trip", ElementType.INT64, Shape.SCALAR));
    in.put("going", Ops.input("going", ElementType.BOOL, Shape.SCALAR));
    Value state = Ops.input("state", usual.type(), usual.shape());
    in.put("state", state);
    Map<String, Value> out = new LinkedHashMap<>();
    out.put("again", in.get("going"));
    out.put("next", Ops.where(isSpecial, special.get(), state));
    return Ops.loop(trips, List.of(usual), Graph.body(name, in, out)).get(0);
  }

  /** Repeats {@code trip} from {@code start} until no change exceeds {@link #SETTLED}. */
  static List<Value> untilSettled(
      String name, int most, List<Value> start, Function<List<Value>, Next> trip) {
    Map<String, Value> in = new LinkedHashMap<>();
    in.put("trip", Ops.input("trip", ElementType.INT64, Shape.SCALAR));
    in.put("going", Ops.input("going", ElementType.BOOL, Shape.SCALAR));
    List<Value> state = new ArrayList<>();
    for (int i = 0; i < start.size(); i++) {
      Value value = start.get(i);
      state.add(Ops.input("state" + i, value.type(), value.shape()));
      in.put("state" + i, state.get(i));
    }
    Next next = trip.apply(state);
    Value moving = Ops.greater(next.change(), Ops.scalar(next.change(), SETTLED));
    Value count = Ops.sumAll(Ops.cast(moving, next.change().type()));
    Map<String, Value> out = new LinkedHashMap<>();
    out.put("again", Ops.greater(count, Ops.scalar(count, 0)));
    for (int i = 0; i < start.size(); i++) {
      out.put("next" + i, next.state().get(i));
    }
    return Ops.loop(Ops.longScalar(most), start, Graph.body(name, in, out));
  }
}
