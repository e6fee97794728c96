import Foundation
public import Statistics

/// What a serialised linear model says about itself, before its numbers.
struct LinearHeader: Codable, Sendable, Equatable {
    var featureNames: [String]
    var task: ModelTask
    var target: String
    var negativeLabel: String
    var parameters: LinearParameters
    var rows: Int
    var rowsWithoutTarget: Int
    /// Multiclass: the indices, among the task's classes, of those that the training rows had, one per output.
    var classIndices: [Int]
    var convergence: LinearConvergence

    var outputs: Int { max(classIndices.count, 1) }
}

/// A linear or logistic model: a sum of coefficient × feature per output.
///
/// The artifact is a `ModelContainer` "TIDELINR"; its payload are 64-bit floats: the coefficients output by output in
/// the order of the features, then the intercepts.
public struct LinearModel: TrainedModel, Equatable {
    private let header: LinearHeader
    /// In the units of the columns, per output in the order of `featureNames`. Outputs: one for a regression (the
    /// value) and a binary classification (the log-odds of the positive class), else one per class of `outputLabels`.
    public let coefficients: [[Double]]
    public let intercepts: [Double]

    public var task: ModelTask { header.task }
    public var target: String { header.target }
    public var featureNames: [String] { header.featureNames }
    public var parameters: LinearParameters { header.parameters }
    /// Binary: the label given to rows that are not positive.
    public var negativeLabel: String { header.negativeLabel }
    /// Rows it was trained on, and rows that were left out because they had no target.
    public var rows: Int { header.rows }
    public var rowsWithoutTarget: Int { header.rowsWithoutTarget }
    public var convergence: LinearConvergence { header.convergence }

    private static let container = ModelContainer(magic: "TIDELINR", formatVersion: 1)
    /// Rows predicted at a time, so that a block has a few million cells at most.
    private var blockRows: Int { min(8_192, max(1, 4_000_000 / featureNames.count)) }

    init(header: LinearHeader, coefficients: [[Double]], intercepts: [Double]) throws(LearningError) {
        guard (coefficients.joined() + intercepts).allSatisfy(\.isFinite) else {
            throw LearningError(
                .invalidInput, "the coefficients leave the range of numbers",
                advice: "Add a scaling step, or a stronger penalty.")
        }
        self.header = header
        self.coefficients = coefficients
        self.intercepts = intercepts
    }

    /// Loads a model from the bytes of `serialized()`.
    /// - Throws: `LearningError(.corruptModel)` if they are damaged, `.unsupportedModel` for another format version.
    public init(serialized bytes: [UInt8]) throws(LearningError) {
        let (header, payload) = try Self.container.unpack(bytes, header: LinearHeader.self)
        let width = header.featureNames.count
        guard width > 0, header.classIndices.allSatisfy({ header.task.classes.indices.contains($0) }),
            header.task.isMulticlass == !header.classIndices.isEmpty
        else { throw ModelContainer.corrupt("its features and classes do not fit its task") }
        let numbers = try NumberBytes.doubles(payload, count: header.outputs * (width + 1))
        self.header = header
        coefficients = (0..<header.outputs).map { Array(numbers[($0 * width)..<(($0 + 1) * width)]) }
        intercepts = Array(numbers.suffix(header.outputs))
    }

    public func serialized() throws(LearningError) -> [UInt8] {
        try Self.container.pack(
            header: header, payload: NumberBytes.bytes(Array(coefficients.joined()) + intercepts))
    }

    /// The label of each output: the target for a regression, the positive label, or the classes of the training rows.
    public var outputLabels: [String] {
        switch task {
        case .regression: [target]
        case .binary(let positive): [positive]
        case .multiclass(let classes): header.classIndices.map { classes[$0] }
        }
    }

    /// The coefficients of one output by the name of their feature.
    public func coefficientsByFeature(output: Int = 0) -> [String: Double] {
        Dictionary(uniqueKeysWithValues: zip(featureNames, coefficients[output]))
    }

    /// The greatest magnitude of each feature's coefficients over all outputs: 0 for one that an L1 penalty left out.
    public func magnitudes() -> [String: Double] {
        var greatest: [String: Double] = [:]
        for (index, name) in featureNames.enumerated() {
            greatest[name] = coefficients.reduce(0) { max($0, abs($1[index])) }
        }
        return greatest
    }

    /// Predicts every row; a row with a cell that is missing, unreadable or infinite has no prediction (NaN).
    public func predict(_ table: Table) -> Predictions {
        var counts = AlignmentCounts()
        var output: [Double] = []
        for start in stride(from: 0, to: table.rowCount, by: blockRows) {
            let range = start..<min(start + blockRows, table.rowCount)
            let matrix = NumericFeatures.serving(table, names: featureNames, rows: range, counts: &counts)
            output.append(contentsOf: answers(scores(matrix, rows: range.count), rows: range.count))
        }
        let isRegression = task == .regression
        return Predictions(
            task: task, rowCount: table.rowCount, probabilities: isRegression ? [] : output,
            values: isRegression ? output : [], negativeLabel: negativeLabel, alignment: counts)
    }

    private func scores(_ matrix: [Double], rows: Int) -> [Double] {
        let (width, outputs) = (featureNames.count, intercepts.count)
        var scores = (0..<rows).flatMap { _ in intercepts }
        MatrixProduct.add(
            matrix, Array(coefficients.joined()), to: &scores, rows: rows, columns: outputs, depth: width,
            transposed: .second, kept: 1)
        // Whether 0 × NaN is NaN is up to the library.
        for row in 0..<rows where matrix[(row * width)..<((row + 1) * width)].contains(where: \.isNaN) {
            for index in (row * outputs)..<((row + 1) * outputs) { scores[index] = .nan }
        }
        return scores
    }

    private func answers(_ scores: [Double], rows: Int) -> [Double] {
        switch task {
        case .regression: return scores
        case .binary: return scores.map { $0.isNaN ? .nan : 1 / (1 + exp(-$0)) }
        case .multiclass(let classes):
            var scores = scores
            // A class that no training row had has probability 0.
            var answers = [Double](repeating: 0, count: rows * classes.count)
            for row in 0..<rows {
                Softmax.apply(&scores, (row * header.outputs)..<((row + 1) * header.outputs))
                for (output, index) in header.classIndices.enumerated() {
                    answers[row * classes.count + index] = scores[row * header.outputs + output]
                }
            }
            return answers
        }
    }
}

extension ModelTask {
    /// Multiclass: its classes, else none.
    var classes: [String] {
        if case .multiclass(let classes) = self { classes } else { [] }
    }
}
