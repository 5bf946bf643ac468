package org.deepregression4j.engine.family;

import java.util.List;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/** A family's least squares criterion in the form of a log-density. */
record SquaredError(FamilyBuilder row, FamilyRules rules) {
  Family family() {
    FamilyBuilder copy = new FamilyBuilder(row.name);
    copy.parameters.addAll(row.parameters);
    copy.scalarFor = row.scalarFor;
    copy.jointStart = row.jointStart;
    return copy.support(row.support)
        .logDensity((y, theta) -> criterion(y, mean(theta)))
        .moments(this::mean, theta -> rules.property(Family.Property.STDDEV, theta))
        .start(row.start)
        .pseudo()
        .build();
  }

  private Value mean(List<LinkedValue> theta) {
    return rules.property(Family.Property.MEAN, theta);
  }

  private Value criterion(Value y, Value mean) {
    boolean isJoint = row.support.isMultivariate();
    if (isJoint && !mean.shape().dim(1).equals(y.shape().dim(1))) {
      throw new FamilyException(
          "family '"
              + row.name
              + "': the mean is not of the response's columns, so there is no error");
    }
    Value error = Ops.neg(Ops.square(Ops.sub(y, mean)));
    return isJoint ? Ops.sum(error, true, 1) : error;
  }
}
