package org.deepregression4j.bridge.spec;

import java.util.List;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.Expression;

/** Reads EXPR and COMPONENT. */
final class ComponentReader {
  private ComponentReader() {}

  static Expression expression(Node node) {
    if (node.has("column")) {
      return Expression.column(node.text("column"));
    }
    if (node.has("value")) {
      return Expression.number(node.number("value"));
    }
    List<Expression> arguments = node.list("args", ComponentReader::expression);
    return Expression.call(node.text("call"), arguments.toArray(new Expression[0]));
  }

  static Component component(Node node) {
    String kind = node.text("kind");
    return switch (kind) {
      case "numeric" -> Component.numeric(expression(node.object("expr")));
      case "factor" -> Component.factor(node.text("column"), node.matrix("contrasts"));
      case "matrix" -> Component.matrix(node.text("column"));
      default -> throw node.unknown("component", kind, List.of("numeric", "factor", "matrix"));
    };
  }
}
