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
    /// Events or labelled pairs in the window.
    var count: Int64
    var absence: Absence?
}
