import Events
import Learning
import Statistics

/// The engine behind `tidewatch detect`.
enum DetectEngine {
    static func run(_ table: Table, _ options: DetectOptions) throws -> DetectReport {
        let kinds = try options.kinds()
        let signal = try DetectSignal(table, options)
        let time = try options.time.map { try table.asked($0, option: "--time") }
        let found = kinds.map { scan($0, signal.values, time: time) }
        if found.allSatisfy({ $0.taken == 0 }) {
            let names = kinds.map(\.rawValue).joined(separator: ", ")
            throw MetricsError(
                "--detector: \(names) takes errors (0 and 1, hddm_a and hddm_w anything between), and "
                    + "\"\(signal.name)\" has none; give --label and --prediction, or --detector adwin")
        }
        return DetectReport(signal: signal, rowsOutOfOrder: time.flatMap(rowsOutOfOrder), detectors: found)
    }

    /// The concrete types: a detector that is chosen at run time is copied with each value.
    private static func scan(
        _ kind: OnlineDetectorKind, _ values: [Double], time: TableColumn?
    ) -> DetectReport.Detector {
        switch kind {
        case .adwin: scan(AdaptiveWindow(), kind, values, time, isForgetful: true)
        case .pageHinkley: scan(PageHinkley(), kind, values, time)
        case .cusum: scan(CumulativeSum(), kind, values, time)
        case .ddm: scan(DriftDetectionMethod(), kind, values, time)
        case .eddm: scan(EarlyDriftDetectionMethod(), kind, values, time)
        case .hddmA: scan(HoeffdingAverages(), kind, values, time)
        case .hddmW: scan(HoeffdingWeightedAverages(), kind, values, time)
        case .kswin: scan(KolmogorovSmirnovWindow(), kind, values, time)
        }
    }

    /// - Parameter isForgetful: a detector that forgets what was before a change bit by bit, and signals each time. Such
    ///   a signal is a new drift only where the values since the last one show it by themselves.
    private static func scan(
        _ fresh: some OnlineDetector, _ kind: OnlineDetectorKind, _ values: [Double], _ time: TableColumn?,
        isForgetful: Bool = false
    ) -> DetectReport.Detector {
        var detector = fresh
        var sinceLast = fresh
        var isNew = true
        var report = DetectReport.Detector(kind: kind)
        var segment = DetectSegment()
        for (index, value) in values.enumerated() where !value.isNaN {
            let signal = detector.update(value)
            guard signal != .refused else { continue }
            report.taken += 1
            if isForgetful, !report.drifts.isEmpty, sinceLast.update(value) == .drift { isNew = true }
            if signal != .warning, let warning = segment.endWarning() { report.warnings.append(warning) }
            if signal == .warning { segment.beginWarning(row: index + 1, time: time?.text(at: index)) }
            segment.append(value, row: index + 1)
            if signal == .drift, isNew {
                report.drifts.append(segment.drift(time: time?.text(at: index)))
                segment = DetectSegment()
                sinceLast = fresh
                isNew = !isForgetful
            }
        }
        if let warning = segment.endWarning() { report.warnings.append(warning) }
        report.refused = Int(detector.refusedCount)
        return report
    }

    /// `nil` for a column that holds neither times nor numbers.
    private static func rowsOutOfOrder(_ time: TableColumn) -> Int? {
        var latest = -Double.infinity
        var early = 0
        var isKnown = false
        for row in 0..<time.count {
            let number = time.number(at: row)
            let moment = number.isNaN ? time.text(at: row).flatMap { EventTime.parse($0) }.map(Double.init) : number
            guard let moment else { continue }
            isKnown = true
            if moment < latest { early += 1 }
            latest = max(latest, moment)
        }
        return isKnown ? early : nil
    }
}

/// What a detector has been shown since its last drift.
struct DetectSegment {
    private var values: [Double] = []
    private var rows: [Int] = []
    private var total = 0.0
    private var warning: DetectReport.Finding?
    /// Where the values of the warning begin.
    private var warningStart = 0
    private var totalBeforeWarning = 0.0

    mutating func append(_ value: Double, row: Int) {
        values.append(value)
        rows.append(row)
        total += value
    }

    /// A warning goes on until `endWarning`.
    mutating func beginWarning(row: Int, time: String?) {
        guard warning == nil else { return }
        (warningStart, totalBeforeWarning) = (values.count, total)
        warning = DetectReport.Finding(
            row: row, time: time, began: row, meanBefore: values.isEmpty ? nil : total / Double(values.count))
    }

    mutating func endWarning() -> DetectReport.Finding? {
        guard var ended = warning else { return nil }
        warning = nil
        ended.length = values.count - warningStart
        ended.meanAfter = (total - totalBeforeWarning) / Double(ended.length)
        return ended
    }

    /// The drift that the last value gave: the split in two whose means differ most for their lengths, that is, with
    /// the largest (S − k·x̄)²/(k·(n − k)), S the sum of the first k of n.
    func drift(time: String?) -> DetectReport.Finding {
        let (count, row) = (values.count, rows[values.count - 1])
        guard count > 1 else {
            return DetectReport.Finding(row: row, time: time, began: row, meanBefore: nil, meanAfter: values[0])
        }
        let mean = total / Double(count)
        var (deviation, best, split) = (0.0, -1.0, 1)
        for index in 1..<count {
            deviation += values[index - 1] - mean
            let gain = deviation * deviation / (Double(index) * Double(count - index))
            if gain > best { (best, split) = (gain, index) }
        }
        let before = values[..<split].reduce(0, +)
        let after = values[split...].reduce(0, +)
        return DetectReport.Finding(
            row: row, time: time, began: rows[split], meanBefore: before / Double(split),
            meanAfter: after / Double(count - split))
    }
}
