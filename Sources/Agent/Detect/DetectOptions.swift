import Statistics

/// What `tidewatch detect` was asked.
public struct DetectOptions: Sendable {
    public var path: String
    /// The column to watch; `nil` to watch the error of `prediction` against `label`.
    public var signal: String?
    /// The column with what happened.
    public var label: String?
    /// The column with what was predicted: a class or a number.
    public var prediction: String?
    /// The column with the time of each row, to be named with what is found.
    public var time: String?
    /// Names of online detectors, or `all`; empty for `adwin`.
    public var detectors: [String]
    /// text, json or html.
    public var format: String
    public var outputPath: String?
    public var failsOnDrift: Bool
    public var isQuiet: Bool

    public init(
        path: String, signal: String? = nil, label: String? = nil, prediction: String? = nil, time: String? = nil,
        detectors: [String] = [], format: String = "text", outputPath: String? = nil, failsOnDrift: Bool = false,
        isQuiet: Bool = false
    ) {
        self.path = path
        self.signal = signal
        self.label = label
        self.prediction = prediction
        self.time = time
        self.detectors = detectors
        self.format = format
        self.outputPath = outputPath
        self.failsOnDrift = failsOnDrift
        self.isQuiet = isQuiet
    }

    /// The detectors asked for, each once, in the order asked for.
    func kinds() throws -> [OnlineDetectorKind] {
        var kinds: [OnlineDetectorKind] = []
        for name in detectors.isEmpty ? [OnlineDetectorKind.adwin.rawValue] : detectors {
            guard name != "all" else { return OnlineDetectorKind.allCases }
            guard let kind = OnlineDetectorKind(rawValue: name) else {
                let known = OnlineDetectorKind.allCases.map(\.rawValue).joined(separator: ", ")
                throw MetricsError("--detector: there is no detector '\(name)'; known are \(known), all")
            }
            if !kinds.contains(kind) { kinds.append(kind) }
        }
        return kinds
    }
}
