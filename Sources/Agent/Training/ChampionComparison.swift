import Learning
import Statistics

/// The model that was trained beside the one that serves, on the same rows.
struct ChampionComparison {
    /// The champion's version.
    let version: String
    /// What was compared.
    let metric: String
    /// First the champion, second the new model.
    let result: PairedComparison

    /// Resamples of a comparison without a formula.
    static let resamples = 1_000

    init(version: String, metric: String, result: PairedComparison) {
        (self.version, self.metric, self.result) = (version, metric, result)
    }

    /// By the ROC AUC (DeLong) of two classes, the accuracy (McNemar) of several, and the RMSE (bootstrap) of numbers.
    /// - Returns: `nil` where nothing can be compared: another task, one class only.
    init?(version: String, champion: Predictions, challenger: Predictions, labels: TableColumn, seed: UInt64) {
        guard champion.task == challenger.task else { return nil }
        let found: (name: String, result: PairedComparison?)
        switch challenger.task {
        case .binary(let positive):
            let rows = (0..<labels.count).filter { labels.text(at: $0) != nil }
            let outcomes = labels.matches(positive)
            found = (
                "roc_auc",
                PairedComparison.rocAUC(
                    first: rows.map { champion.probabilities[$0] }, second: rows.map { challenger.probabilities[$0] },
                    labels: rows.map { outcomes[$0] })
            )
        case .multiclass:
            let rows = (0..<labels.count).filter { labels.text(at: $0) != nil }
            let (one, two) = (champion.labels(), challenger.labels())
            found = (
                "accuracy",
                PairedComparison.accuracy(
                    first: rows.map { one[$0] == labels.text(at: $0) },
                    second: rows.map { two[$0] == labels.text(at: $0) })
            )
        case .regression:
            let actual = (0..<labels.count).map { labels.number(at: $0) }
            let rows = actual.indices.filter { actual[$0].isFinite }
            func error(_ said: Predictions, _ chosen: [Int]) -> Double {
                let sum = chosen.reduce(0.0) { sum, index in
                    let difference = said.values[rows[index]] - actual[rows[index]]
                    return sum + difference * difference
                }
                return (sum / Double(max(1, chosen.count))).squareRoot()
            }
            found = (
                "rmse",
                PairedComparison.bootstrap(rows: rows.count, resamples: Self.resamples, seed: seed) {
                    (error(champion, $0), error(challenger, $0))
                }
            )
        }
        guard let result = found.result else { return nil }
        self.init(version: version, metric: found.name, result: result)
    }

    /// One sentence for people.
    var sentence: String {
        let format = ComparisonFormat.number
        let interval = "\(format(result.low)) to \(format(result.high))"
        return "Against the champion v\(version) on the hold-out: \(metric) \(format(result.first)) to "
            + "\(format(result.second)), difference \(format(result.difference)) (\(interval)), "
            + "p \(ComparisonFormat.pValue(result.pValue)) (\(result.method)). If the champion learned from some of these "
            + "rows, it looks better than it is."
    }
}
