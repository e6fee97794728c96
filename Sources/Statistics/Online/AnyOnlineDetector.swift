/// The online detectors by name.
public enum OnlineDetectorKind: String, Codable, Sendable, CaseIterable {
    case adwin
    case pageHinkley = "page_hinkley"
    case cusum
    case ddm
    case eddm
    case hddmA = "hddm_a"
    case hddmW = "hddm_w"
    case kswin

    /// Whether it takes errors (0 and 1, the HDDMs anything between) rather than any number.
    public var takesErrors: Bool {
        switch self {
        case .ddm, .eddm, .hddmA, .hddmW: true
        case .adwin, .pageHinkley, .cusum, .kswin: false
        }
    }
}

/// One of the online detectors, chosen while the program runs.
public enum AnyOnlineDetector: OnlineDetector {
    case adwin(AdaptiveWindow)
    case pageHinkley(PageHinkley)
    case cusum(CumulativeSum)
    case ddm(DriftDetectionMethod)
    case eddm(EarlyDriftDetectionMethod)
    case hddmA(HoeffdingAverages)
    case hddmW(HoeffdingWeightedAverages)
    case kswin(KolmogorovSmirnovWindow)

    /// With the default parameters.
    public init(_ kind: OnlineDetectorKind) {
        self =
            switch kind {
            case .adwin: .adwin(AdaptiveWindow())
            case .pageHinkley: .pageHinkley(PageHinkley())
            case .cusum: .cusum(CumulativeSum())
            case .ddm: .ddm(DriftDetectionMethod())
            case .eddm: .eddm(EarlyDriftDetectionMethod())
            case .hddmA: .hddmA(HoeffdingAverages())
            case .hddmW: .hddmW(HoeffdingWeightedAverages())
            case .kswin: .kswin(KolmogorovSmirnovWindow())
            }
    }

    public var count: Int64 { detector.count }
    public var refusedCount: Int64 { detector.refusedCount }

    public mutating func update(_ value: Double) -> OnlineSignal { change { $0.update(value) } }

    public mutating func reset() { change { $0.reset() } }

    private var detector: any OnlineDetector {
        switch self {
        case .adwin(let detector): detector
        case .pageHinkley(let detector): detector
        case .cusum(let detector): detector
        case .ddm(let detector): detector
        case .eddm(let detector): detector
        case .hddmA(let detector): detector
        case .hddmW(let detector): detector
        case .kswin(let detector): detector
        }
    }

    private mutating func change<Result>(_ body: (inout any OnlineDetector) -> Result) -> Result {
        var detector = detector
        let result = body(&detector)
        switch detector {
        case let changed as AdaptiveWindow: self = .adwin(changed)
        case let changed as PageHinkley: self = .pageHinkley(changed)
        case let changed as CumulativeSum: self = .cusum(changed)
        case let changed as DriftDetectionMethod: self = .ddm(changed)
        case let changed as EarlyDriftDetectionMethod: self = .eddm(changed)
        case let changed as HoeffdingAverages: self = .hddmA(changed)
        case let changed as HoeffdingWeightedAverages: self = .hddmW(changed)
        case let changed as KolmogorovSmirnovWindow: self = .kswin(changed)
        default: preconditionFailure("a detector stays of its kind")
        }
        return result
    }
}
