import Statistics

/// What `tidewatch detect` found.
struct DetectReport {
    /// A place where a detector spoke. Rows are counted from 1, the first below the header.
    struct Finding: Equatable {
        /// Where it spoke; of a warning, the first row of it.
        var row: Int
        var time: String?
        /// Of a drift: the row where the mean most likely changed (the least-squares split of what came since the
        /// detector's last drift). Of a warning: `row`.
        var began: Int
        /// The mean of what came since the detector's last drift up to `began`; `nil` where there is nothing.
        var meanBefore: Double?
        /// The mean from `began` on, up to the drift or to the warning's end.
        var meanAfter: Double?
        /// Of a warning: how many values it lasted for.
        var length = 1
    }

    struct Detector {
        var kind: OnlineDetectorKind
        /// Values it took, and values of the signal that are outside what it is defined for.
        var taken = 0
        var refused = 0
        var drifts: [Finding] = []
        var warnings: [Finding] = []

        /// `insufficient` where it could not yet have spoken.
        var status: StatisticStatus { taken == 0 ? .noData : taken < leastValues ? .insufficient : .ok }

        private var leastValues: Int {
            switch kind {
            case .adwin: 32
            case .pageHinkley, .cusum: 30
            case .ddm, .eddm: 31
            case .hddmA, .hddmW: 2
            case .kswin: 100
            }
        }
    }

    var signal: DetectSignal
    /// Rows whose time lies before that of a row above; `nil` without times.
    var rowsOutOfOrder: Int?
    var detectors: [Detector]

    var driftedDetectors: [Detector] { detectors.filter { !$0.drifts.isEmpty } }

    /// The means of equally long stretches of the signal, `nil` for a stretch without a value; at most `count`.
    func stretches(_ count: Int) -> [Double?] {
        let rows = signal.values.count
        let length = stretchLength(count)
        return stride(from: 0, to: rows, by: length).map { start in
            let used = signal.values[start..<min(rows, start + length)].filter { !$0.isNaN }
            return used.isEmpty ? nil : used.reduce(0, +) / Double(used.count)
        }
    }

    func stretchLength(_ count: Int) -> Int { max(1, (signal.values.count + count - 1) / count) }
}
