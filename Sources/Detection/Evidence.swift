/// What one window shows about one subject, before anything judges it.
struct Evidence: Equatable {
    /// Why there is no number to judge, with the verdict's status; such a window neither raises nor clears.
    enum Absence: Equatable {
        case noData, insufficient, notComputable

        var status: VerdictStatus {
            switch self {
            case .noData: .noData
            case .insufficient: .insufficient
            case .notComputable: .error
            }
        }

        var reason: VerdictReason {
            switch self {
            case .noData: .emptyWindow
            case .insufficient: .tooFewEvents
            case .notComputable: .notComputable
            }
        }
    }

    var subject: VerdictSubject
    /// Finite unless `absence` is set.
    var value: Double?
    var pValue: Double?
    /// The value's 95 % interval, where it has one.
    var low: Double?
    var high: Double?
    /// Events or labelled pairs in the window.
    var count: Int64
    var absence: Absence?

    var interval: ClosedRange<Double>? {
        guard let low, let high, low <= high else { return nil }
        return low...high
    }
}
