public import Statistics

/// The classifier of `DomainClassifier`: small boosted trees, one thread, one seed.
///
/// Depth 4, because a change of correlation between two columns shows in no single split; 30 rounds, because more of
/// them learn noise. Identifiers are left out: they tell any two samples apart.
public struct BoostedDomainClassifier: Sendable {
    private let table: Table
    private let target: String
    private let parameters: BoostingParameters

    /// - Parameters:
    ///   - window: columns are found by name; one that is absent, or of another kind, is missing throughout.
    ///   - parameters: of the trees; the defaults are the ones measured in docs/statistics.md.
    public init(
        reference: MultivariateRows, window: MultivariateRows, parameters: BoostingParameters = Self.parameters
    ) {
        var target = "window"
        while reference.columns.contains(where: { $0.name == target }) { target += "_" }
        self.target = target
        self.parameters = parameters
        let columns = reference.columns.filter { !$0.isIdentifying }.map { column in
            let other = window.columns.first { $0.name == column.name }?.cells
            return TableColumn(name: column.name, values: column.cells.joined(other, rows: window.count))
        }
        table = Table(checked: columns, rowCount: reference.count + window.count)
    }

    public static var parameters: BoostingParameters {
        var parameters = BoostingParameters(rounds: 30, learningRate: 0.1, maximumDepth: 4)
        parameters.minimumChildWeight = 5
        parameters.maximumBins = 64
        return parameters
    }

    /// The AUC of the trees, cross-validated.
    public static func compare(
        reference: MultivariateRows, window: MultivariateRows, seed: UInt64, dispersion: Double = 1,
        parameters: BoostingParameters = Self.parameters
    ) throws(LearningError) -> MultivariateResult {
        let classifier = BoostedDomainClassifier(reference: reference, window: window, parameters: parameters)
        guard !classifier.table.columns.isEmpty else {
            return MultivariateResult(.domainClassifier, status: .noData, method: "no usable columns")
        }
        return try DomainClassifier.compare(
            referenceRows: reference.count, windowRows: window.count, seed: seed, dispersion: dispersion,
            training: classifier.answer)
    }

    /// Trains on some rows and scores others: the closure that `DomainClassifier` wants.
    func answer(
        training: [Int], isWindow: [Bool], scored: [Int]
    ) throws(LearningError) -> DomainClassifier.Answer {
        let known = table.rows(training)
        let labelled = Table(
            checked: known.columns + [TableColumn(name: target, booleans: isWindow)], rowCount: training.count)
        let model = try BoostedTreeLearner(parameters: parameters)
            .fit(labelled, target: target, task: .binary(positive: "true"))
        let scores = try model.predict(table.rows(scored)).probabilities
        let importances = try model.featureImportance().reduce(into: [:]) { $0[$1.name] = $1.totalGain }
        return DomainClassifier.Answer(scores: scores, importances: importances)
    }
}

extension MultivariateRows.Cells {
    /// The cells of two samples as one column, in the kind of the first.
    fileprivate func joined(_ other: MultivariateRows.Cells?, rows: Int) -> ColumnStorage {
        switch (self, other) {
        case (.numeric(let left), .numeric(let right)): .numeric(left + right)
        case (.numeric(let left), _): .numeric(left + Array(repeating: .nan, count: rows))
        case (.categories(let codes, let names), .categories(let more, let others)):
            .joined(codes, names, more, others)
        case (.categories(let codes, let names), _):
            .categorical(codes: codes + Array(repeating: -1, count: rows), categories: names)
        }
    }
}
