public import Statistics

/// A classifier whose scores were turned into probabilities on rows that it was not trained on.
///
/// Several classes are calibrated one against the rest and divided by their sum (Zadrozny and Elkan 2002), as
/// scikit-learn's `CalibratedClassifierCV` does.
public struct CalibratedModel: TrainedModel {
    static let container = ArtifactContainer(magic: "TIDECALI")

    public let base: any TrainedModel
    /// Binary: one. Multiclass: one per class.
    public let calibrators: [ScoreCalibrator]

    public enum Method: String, Codable, Sendable, CaseIterable {
        case platt, isotonic
        /// Isotonic from 1,000 rows on, else Platt's.
        case automatic
    }

    /// - Parameters:
    ///   - said: what models of other rows said of each row (out-of-fold), NaN where nothing.
    ///   - labels: the outcomes of the same rows.
    /// - Throws: `LearningError`: `.invalidParameter` for regression, `.oneClassTarget` where nothing can be fitted.
    public init(
        _ base: any TrainedModel, outOfFold said: Predictions, labels: TableColumn, method: Method = .automatic
    ) throws(LearningError) {
        guard case .classes(let classes, let count) = TargetCells(labels, task: base.task) else {
            throw LearningError(
                .invalidParameter, "numbers have no probabilities to calibrate",
                advice: "Calibrate classifiers only.")
        }
        let width = base.task.width
        let rows = classes.indices.filter { classes[$0] >= 0 && !said.probabilities[$0 * width].isNaN }
        var found: [ScoreCalibrator] = []
        for column in 0..<width {
            let own = width == 1 ? 1 : column
            let scores = rows.map { said.probabilities[$0 * width + column] }
            let outcomes = rows.map { classes[$0] == own }
            guard outcomes.contains(true), outcomes.contains(false),
                let calibrator = Self.fit(method, scores, outcomes)
            else {
                throw LearningError(
                    .oneClassTarget, "class \(own + 1) of \(count) cannot be calibrated on \(rows.count) rows",
                    advice: "Give rows of every class that the model was not trained on.")
            }
            found.append(calibrator)
        }
        self.base = base
        calibrators = found
    }

    private static func fit(_ method: Method, _ scores: [Double], _ outcomes: [Bool]) -> ScoreCalibrator? {
        switch method {
        case .automatic: ScoreCalibrator.fit(scores: scores, labels: outcomes)
        case .isotonic: IsotonicCalibration(scores: scores, labels: outcomes).map(ScoreCalibrator.isotonic)
        case .platt: PlattCalibration(scores: scores, labels: outcomes).map(ScoreCalibrator.platt)
        }
    }

    public var task: ModelTask { base.task }
    public var target: String { base.target }
    public var featureNames: [String] { base.featureNames }

    public func predict(_ table: Table) throws(LearningError) -> Predictions {
        calibrated(try base.predict(table))
    }

    /// What the base model said, as probabilities.
    public func calibrated(_ said: Predictions) -> Predictions {
        let width = calibrators.count
        var numbers = said.probabilities
        for row in 0..<said.rowCount {
            let range = (row * width)..<((row + 1) * width)
            for (column, index) in range.enumerated() where !numbers[index].isNaN {
                numbers[index] = calibrators[column].probability(of: numbers[index])
            }
            guard width > 1 else { continue }
            let sum = numbers[range].reduce(0, +)
            // Where every class is held impossible, nothing is known.
            for index in range { numbers[index] = sum > 0 ? numbers[index] / sum : 1 / Double(width) }
        }
        return Predictions(
            task: said.task, numbers: numbers, negativeLabel: said.negativeLabel, alignment: said.alignment)
    }
}

extension CalibratedModel {
    public func serialized() throws(LearningError) -> [UInt8] {
        try Self.container.pack(calibrators, parts: [try base.serialized()])
    }

    init(serialized bytes: [UInt8], depth: Int) throws(LearningError) {
        let (calibrators, parts) = try Self.container.unpack(bytes, as: [ScoreCalibrator].self)
        guard parts.count == 1 else { throw Self.container.corrupt("it has \(parts.count) models inside") }
        base = try ModelArtifact.load(parts[0], depth: depth + 1)
        guard base.task != .regression, calibrators.count == base.task.width else {
            throw Self.container.corrupt("\(calibrators.count) calibrations do not fit its model")
        }
        self.calibrators = calibrators
    }
}
