/// EDDM: the distance between errors, mean m plus two standard deviations s, against its largest value so far.
///
/// Warning where (m + 2s)/(m + 2s)ₘₐₓ < α, drift below β, once there were more errors than the warm start. For errors: 1
/// wrong, 0 right. Slow changes of a low error rate show here before they do in DDM; so do chance clusters of errors.
/// Baena-García and others 2006, *Early Drift Detection Method*.
public struct EarlyDriftDetectionMethod: OnlineDetector {
    public struct Parameters: Codable, Equatable, Sendable {
        /// Values, and errors, before the first signal.
        public var warmStart: Int64
        /// α.
        public var warning: Double
        /// β.
        public var drift: Double

        public init(warmStart: Int64 = 30, warning: Double = 0.95, drift: Double = 0.9) {
            precondition(warmStart >= 1 && drift > 0 && warning >= drift)
            self.warmStart = warmStart
            self.warning = warning
            self.drift = drift
        }
    }

    public let parameters: Parameters
    public private(set) var refusedCount: Int64 = 0
    public private(set) var count: Int64 = 0
    private var lastError: Int64 = 0
    private var distances = RunningMean()
    private var squares = 0.0
    private var largest = -1.0
    private var signal = OnlineSignal.none

    public init(_ parameters: Parameters = Parameters()) { self.parameters = parameters }

    public mutating func update(_ value: Double) -> OnlineSignal {
        guard OnlineDomain.holdsError(value) else {
            refusedCount += 1
            return .refused
        }
        if signal == .drift { reset() }
        count += 1
        if value == 1 { takeError() }
        return signal
    }

    private mutating func takeError() {
        let distance = Double(count - lastError)
        lastError = count
        let before = distances.mean
        distances.add(distance)
        squares += (distance - before) * (distance - distances.mean)
        guard count > parameters.warmStart else { return }
        let variance = distances.count > 1 ? max(0, squares) / Double(distances.count - 1) : 0
        let level = distances.mean + 2 * variance.squareRoot()
        if level > largest {
            largest = level
        } else if distances.count > parameters.warmStart {
            let ratio = level / largest
            signal = ratio < parameters.drift ? .drift : ratio < parameters.warning ? .warning : .none
        }
    }

    public mutating func reset() {
        let refused = refusedCount
        self = EarlyDriftDetectionMethod(parameters)
        refusedCount = refused
    }
}
