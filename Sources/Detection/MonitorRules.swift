/// All that one model is watched for: what the configuration says, without any state.
public struct MonitorRules: Codable, Sendable, Equatable {
    /// A rule that names a column goes before one for all columns with the same statistic and severity; among
    /// equals the last one counts.
    public var drift: [DriftRule]
    public var performance: [PerformanceRule]
    /// Fewer events than this in a window are `insufficient` for drift.
    public var minimumDriftSample: Int64
    /// Fewer labelled pairs than this in a window are `insufficient` for performance.
    public var minimumPerformanceSample: Int64
    /// With it, drift is judged pane by pane within a false-alarm budget, next to the rules above.
    public var calibrated: DriftDetectorSettings?
    /// Columns that rules may name although the reference lacks them, because another monitor judges them.
    public var elsewhere: [String]?

    public init(
        drift: [DriftRule], performance: [PerformanceRule], minimumDriftSample: Int64 = 1,
        minimumPerformanceSample: Int64 = 1, calibrated: DriftDetectorSettings? = nil, elsewhere: [String]? = nil
    ) {
        self.drift = drift
        self.performance = performance
        self.minimumDriftSample = minimumDriftSample
        self.minimumPerformanceSample = minimumPerformanceSample
        self.calibrated = calibrated
        self.elsewhere = elsewhere
        self.calibrated?.elsewhere = elsewhere
    }
}
