import Statistics

/// Linear regression, and binary and multinomial logistic regression, with ridge, lasso or elastic-net penalty.
///
/// It takes numbers without missing cells (a boolean is 0 or 1) and says which preparation is wanted otherwise; a
/// constant feature gets the coefficient 0. Rows without a target are left out. Solvers are deterministic and go on
/// until the tolerance (`LinearModel.convergence` says if it was not reached); no validation table is used.
public struct LinearLearner: Learner {
    public var parameters: LinearParameters

    /// Features, plus one for the intercept, times classes: bounds the matrix of second derivatives (128 MB).
    public static let maximumCoefficients = 4_096

    public init(parameters: LinearParameters = LinearParameters()) { self.parameters = parameters }

    public func fit(
        _ table: Table, problem: LearningProblem, validation: Table? = nil, control: TrainingControl = TrainingControl()
    ) throws(LearningError) -> any TrainedModel {
        try fitLinear(table, problem: problem, control: control)
    }

    /// As `fit`, with the kind of its model.
    public func fitLinear(
        _ table: Table, problem: LearningProblem, control: TrainingControl = TrainingControl()
    ) throws(LearningError) -> LinearModel {
        try parameters.validate()
        try control.check()
        let names = try problem.featureNames(in: table)
        let targetColumn = try table.column(named: problem.target)
        let encoded = try EncodedTarget(targetColumn, task: problem.task)
        let classes = problem.task.isMulticlass ? Set(encoded.labels.map { Int($0) }).sorted() : []
        try checkSize(features: names.count, outputs: max(classes.count, 1))
        let learnable = encoded.rows.count == table.rowCount ? table : table.rows(encoded.rows)
        let matrix = try NumericFeatures.training(learnable, names: names)
        var weights =
            try RowWeights(problem, target: encoded).weights(of: table, target: encoded)
            ?? [Double](repeating: 1, count: encoded.rows.count)
        let total = weights.reduce(0, +)
        for index in weights.indices { weights[index] /= total }
        try control.check()
        let design = LinearDesign(
            matrix, features: names.count, weights: weights, hasIntercept: parameters.fitsIntercept)
        let fitted: LinearFit
        if problem.task == .regression {
            let outcomes = encoded.rows.map { targetColumn.number(at: $0) }
            fitted = try regression(design, outcomes, weights, control)
        } else {
            let position = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
            let labels = encoded.labels.map { classes.isEmpty ? Int($0) : position[Int($0)] ?? 0 }
            fitted = try logistic(design, labels, weights, classes: classes.count, total: total, control)
        }
        let header = LinearHeader(
            featureNames: names, task: problem.task, target: problem.target, negativeLabel: encoded.negativeLabel,
            parameters: parameters, rows: encoded.rows.count, rowsWithoutTarget: table.rowCount - encoded.rows.count,
            classIndices: classes, convergence: fitted.convergence)
        return try LinearModel(header: header, coefficients: fitted.coefficients, intercepts: fitted.intercepts)
    }

    private func checkSize(features: Int, outputs: Int) throws(LearningError) {
        let coefficients = (features + 1) * outputs
        guard coefficients <= Self.maximumCoefficients else {
            throw LearningError(
                .invalidInput,
                "\(features) features and \(outputs) outputs make \(coefficients) coefficients, more than "
                    + "\(Self.maximumCoefficients)",
                advice: "Add a selection step, or encode columns with many categories by frequency or target.")
        }
    }

    private struct LinearFit {
        var coefficients: [[Double]]
        var intercepts: [Double]
        var convergence: LinearConvergence
    }

    private func regression(
        _ design: LinearDesign, _ outcomes: [Double], _ weights: [Double], _ control: TrainingControl
    ) throws(LearningError) -> LinearFit {
        let mean = design.hasIntercept ? zip(weights, outcomes).reduce(0) { $0 + $1.0 * $1.1 } : 0
        let variance = zip(weights, outcomes).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) }
        let scale = variance > 0 ? variance.squareRoot() : 1
        let residuals = weights.indices.map { weights[$0] * (outcomes[$0] - mean) / scale }
        let problem = QuadraticProblem(
            hessian: try design.products(weights, control: control), linear: design.sums(residuals, outputs: 1),
            l1: design.penalties(parameters.alpha * parameters.l1Ratio / scale, power: 1),
            l2: design.penalties(parameters.alpha * (1 - parameters.l1Ratio), power: 2))
        let found = try problem.solve(
            from: [Double](repeating: 0, count: design.width), tolerance: parameters.tolerance,
            maximumSweeps: parameters.maximumIterations, control: control)
        let (coefficients, intercept) = design.inUnits(found.solution.map { $0 * scale }[...])
        return LinearFit(
            coefficients: [coefficients], intercepts: [design.hasIntercept ? intercept + mean : 0],
            convergence: LinearConvergence(
                isConverged: found.slope <= parameters.tolerance, iterations: found.sweeps, slope: found.slope))
    }

    /// - Parameter total: the sum of the row weights before they were divided by it.
    private func logistic(
        _ design: LinearDesign, _ labels: [Int], _ weights: [Double], classes: Int, total: Double,
        _ control: TrainingControl
    ) throws(LearningError) -> LinearFit {
        let outputs = max(classes, 1)
        let weighty = Set(labels.indices.filter { weights[$0] > 0 }.map { labels[$0] })
        guard weighty.count == max(classes, 2) else {
            throw LearningError(
                .oneClassTarget, "every row of a class weighs 0", advice: "Give each class a weight above 0.")
        }
        let strength = 1 / (parameters.inverseStrength * total)
        let l1 = design.penalties(strength * parameters.l1Ratio, power: 1)
        let l2 = design.penalties(strength * (1 - parameters.l1Ratio), power: 2)
        let problem = LogisticProblem(
            design: design, outputs: outputs, labels: labels, weights: weights,
            l1: (0..<outputs).flatMap { _ in l1 }, l2: (0..<outputs).flatMap { _ in l2 })
        let found = try problem.solve(
            tolerance: parameters.tolerance, maximumIterations: parameters.maximumIterations, control: control)
        let parts = (0..<outputs).map {
            design.inUnits(found.solution[($0 * design.width)..<(($0 + 1) * design.width)])
        }
        // Softmax does not change when all intercepts move alike; their mean is 0, as in scikit-learn.
        let shift = classes > 1 ? parts.reduce(0) { $0 + $1.intercept } / Double(classes) : 0
        return LinearFit(
            coefficients: parts.map(\.coefficients), intercepts: parts.map { $0.intercept - shift },
            convergence: found.convergence)
    }
}

extension ModelTask {
    var isMulticlass: Bool {
        if case .multiclass = self { true } else { false }
    }
}
