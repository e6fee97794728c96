import Statistics

/// How good the predictions of a table are.
struct MetricsReport {
    typealias Named = (name: String, value: MetricValue)

    struct Segment {
        var name: String
        var rows: Int
        var metrics: [Named]
    }

    var task: MetricsOptions.Task
    /// Rows that the metrics are over, and those without a usable label or prediction.
    var rows: Int
    var rowsLeftOut: Int
    /// Binary: the label that counts as positive.
    var positive: String?
    var metrics: [Named] = []
    /// Binary and multiclass: class names and outcome × prediction counts, classes in one order.
    var classes: [String] = []
    var confusion: MulticlassConfusion?
    /// By segment column, the largest segment first.
    var segments: [(column: String, parts: [Segment])] = []
    var fairness: [(column: String, report: FairnessReport)] = []
    /// For pictures.
    var curve: ScoreCurve?
    var calibration: [CalibrationBin] = []
    var scoreShares: (negative: [Double], positive: [Double])?
    var residuals: (predicted: [Double], error: [Double])?

    subscript(name: String) -> MetricValue? { metrics.first { $0.name == name }?.value }
}
