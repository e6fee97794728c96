import Events
import Glibc
import Statistics

/// One version's open panes in one partition.
final class VersionStream {
    let key: ModelVersionKey
    /// The number that waiting predictions carry.
    let number: UInt16
    let nameBytes: [UInt8]
    private(set) var encoder: ReferenceEncoder?
    /// The segments that the reference makes.
    private(set) var segmentPlan: SegmentPlan
    private let segmentSettings: SegmentSettings
    var driftPanes: [Int64: OpenDriftPane] = [:]
    var performancePanes: [Int64: OpenPerformancePane] = [:]
    /// The rows kept of each prediction pane until their outcomes come.
    var retained: [Int64: RowSample<RetainedPrediction>] = [:]
    /// Where performance is estimated: the pairs by the pane of their prediction, until no outcome can reach it any more.
    var labelled: [Int64: LabelledPredictions] = [:]
    var newestMicroseconds: Int64 = .min

    /// The pane that the last event fell into, so that most events look nothing up.
    private var currentPane: (number: Int64, pane: OpenDriftPane)?
    /// The same of the last pair.
    private var currentPerformancePane: (number: Int64, pane: OpenPerformancePane)?
    private var order = FeatureOrder()
    /// For each column the number of the last event that had it.
    private var seenInEvent: [UInt64] = []
    private var eventNumber: UInt64 = 0

    init(
        key: ModelVersionKey, number: UInt16, encoder: ReferenceEncoder?, segments: SegmentSettings = SegmentSettings()
    ) {
        self.key = key
        self.number = number
        nameBytes = Array(key.version.utf8)
        self.encoder = encoder
        segmentSettings = segments
        segmentPlan = SegmentPlan(segments, profile: encoder?.profile)
        seenInEvent = Array(repeating: 0, count: encoder?.columnCount ?? 0)
    }

    /// Panes that open from now on are counted on this reference.
    func adopt(_ encoder: ReferenceEncoder) {
        self.encoder = encoder
        segmentPlan = SegmentPlan(segmentSettings, profile: encoder.profile)
        order = FeatureOrder()
        seenInEvent = Array(repeating: 0, count: encoder.columnCount)
        currentPane = nil
    }

    /// What an event says in the reference's prediction column; looked at by nobody where it has none.
    @inline(__always)
    func predicted(_ event: DecodedEvent, task: ModelTask) -> PredictedValue {
        guard let encoder, let column = encoder.predictionColumn else { return .unknown }
        return event.predicted(encoder.kind(of: column), task: task)
    }

    /// Whether panes are counted by segment.
    var countsDriftBySegment: Bool { segmentSettings.countsDrift }

    /// Whether nothing of this version waits to be closed.
    var isQuiet: Bool { driftPanes.isEmpty && performancePanes.isEmpty }

    /// The open drift pane with this number, opened where needed; `nil` beyond the limit of open panes.
    func driftPane(_ number: Int64, settings: ModelSettings) -> OpenDriftPane? {
        if let current = currentPane, current.number == number { return current.pane }
        if let pane = driftPanes[number] {
            currentPane = (number, pane)
            return pane
        }
        guard driftPanes.count < settings.maximumOpenPanes else { return nil }
        let pane = OpenDriftPane(
            encoder: encoder, learnedRows: settings.learnedRows, sampledRows: settings.sampledRows,
            estimatedRows: settings.estimatedRows)
        driftPanes[number] = pane
        currentPane = (number, pane)
        return pane
    }

    /// Removes and returns a drift pane that has closed.
    func takeDriftPane(_ number: Int64) -> OpenDriftPane? {
        if currentPane?.number == number { currentPane = nil }
        return driftPanes.removeValue(forKey: number)
    }

    /// The open performance pane with this number, opened where needed; `nil` beyond the limit of open panes.
    func performancePane(_ number: Int64, settings: ModelSettings) -> OpenPerformancePane? {
        if let current = currentPerformancePane, current.number == number { return current.pane }
        guard performancePanes[number] != nil || performancePanes.count < settings.maximumOpenPanes else { return nil }
        let pane = openPerformancePane(number, settings: settings)
        currentPerformancePane = (number, pane)
        return pane
    }

    /// The same without a limit.
    func openPerformancePane(_ number: Int64, settings: ModelSettings) -> OpenPerformancePane {
        if let pane = performancePanes[number] { return pane }
        let pane = OpenPerformancePane(task: settings.task)
        performancePanes[number] = pane
        return pane
    }

    /// Removes and returns a performance pane that has closed.
    func takePerformancePane(_ number: Int64) -> OpenPerformancePane? {
        if currentPerformancePane?.number == number { currentPerformancePane = nil }
        return performancePanes.removeValue(forKey: number)
    }

    /// Counts one event's features into a pane on the reference.
    func count(_ features: UnsafeBufferPointer<FeatureEntry>, into accumulator: PaneAccumulator) {
        guard let encoder else { return }
        eventNumber &+= 1
        accumulator.events += 1
        let seen = seenInEvent.withUnsafeMutableBufferPointer { seenInEvent in
            var seen = 0
            for position in 0..<features.count {
                let feature = features[position]
                let column = column(at: position, named: feature.name, encoder: encoder)
                guard column >= 0 else {
                    countUnknown(feature.name, at: position, into: accumulator)
                    continue
                }
                guard seenInEvent[column] != eventNumber else { continue }
                seenInEvent[column] = eventNumber
                seen += 1
                count(feature, column: column, into: accumulator)
            }
            return seen
        }
        guard seen < encoder.columnCount else { return }
        for column in 0..<encoder.columnCount where seenInEvent[column] != eventNumber {
            accumulator.addAbsent(column: column)
        }
    }

    /// Counts one event's features, and what the model said of them, into a pane and into those of its segments.
    func count(
        _ features: UnsafeBufferPointer<FeatureEntry>, predicted: PredictedValue, segments: SegmentIndices,
        into open: OpenDriftPane
    ) {
        guard let accumulator = open.accumulator else { return }
        count(features, into: accumulator)
        count(predicted, into: accumulator)
        guard countsDriftBySegment else { return }
        for cell in segmentPlan.cells(segments) {
            count(features, into: open.accumulator(of: cell))
            count(predicted, into: open.accumulator(of: cell))
        }
    }

    /// Counts second deliveries, which are left out of everything else.
    func countDuplicates(_ count: Int64 = 1, segments: SegmentIndices, in open: OpenDriftPane) {
        guard let accumulator = open.accumulator else {
            open.learningDuplicates += count
            return
        }
        accumulator.duplicates += count
        guard countsDriftBySegment else { return }
        for cell in segmentPlan.cells(segments) { open.accumulator(of: cell).duplicates += count }
    }

    /// The event's segment in each segment column.
    func segments(of features: UnsafeBufferPointer<FeatureEntry>) -> SegmentIndices {
        var indices = SegmentIndices()
        guard !segmentPlan.isEmpty, let encoder else { return indices }
        for position in 0..<features.count {
            let column = column(at: position, named: features[position].name, encoder: encoder)
            guard column >= 0 else { continue }
            for (number, segment) in segmentPlan.columns.enumerated() where segment.column == column {
                // Of a name that stands twice the first value counts, as in the pane.
                if indices[number] == SegmentIndices.other {
                    indices[number] = segment.index(of: features[position], encoder: encoder)
                }
            }
        }
        return indices
    }

    @inline(never)
    private func countUnknown(
        _ name: UnsafeRawBufferPointer, at position: Int, into accumulator: PaneAccumulator
    ) {
        accumulator.unknownFeatures.count(name, hint: &order[unknownHint: position])
    }

    /// The accumulator tells values of another kind than the column's.
    @inline(__always)
    private func count(_ feature: FeatureEntry, column: Int, into accumulator: PaneAccumulator) {
        switch feature.tag {
        case .null: accumulator.addMissing(column: column)
        case .number: accumulator.add(numeric: feature.number, column: column)
        case .string: accumulator.add(category: feature.text, column: column)
        case .boolean: accumulator.add(boolean: feature.number != 0, column: column)
        case .other: accumulator.addViolation(column: column)
        }
    }

    @inline(__always)
    private func column(at position: Int, named name: UnsafeRawBufferPointer, encoder: ReferenceEncoder) -> Int {
        if let column = order.column(at: position, named: name) { return column }
        let column = encoder.columnIndex(ofUTF8: name) ?? -1
        if position == order.count { order.append(name, column: column) }
        return column
    }
}

extension [UInt8] {
    /// Whether these are the same bytes.
    @inline(__always)
    func matches(_ other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count, let bytes = other.baseAddress else { return count == other.count }
        return withUnsafeBytes { own in own.baseAddress.map { memcmp($0, bytes, own.count) == 0 } ?? true }
    }
}

/// A drift pane that is still open.
final class OpenDriftPane {
    /// Counts on the reference in force when the pane opened; `nil` while the version is learning.
    let accumulator: PaneAccumulator?
    var learningEvents: Int64 = 0
    var learningDuplicates: Int64 = 0
    var learningRows: RowSample<RetainedPrediction>
    /// Of a pane that is counted on a reference, for statistics of whole rows.
    var sampledRows: RowSample<RetainedPrediction>
    private let sampleCapacity: Int
    /// Where drift is counted by segment.
    private(set) var segments: [SegmentCell: PaneAccumulator] = [:]
    /// Where performance is estimated: of a binary model all scores, of a multiclass one a sample.
    var scores = PredictionSummary()
    var sample = ScoredSample()
    /// The same of a regression: how many predictions, and a sample of their messages.
    var predicted: Int64 = 0
    var predictedRows: RowSample<RetainedPrediction>
    let predictedCapacity: Int

    init(encoder: ReferenceEncoder?, learnedRows: Int, sampledRows: Int = 0, estimatedRows: Int = 0) {
        accumulator = encoder.map(PaneAccumulator.init(encoder:))
        learningRows = RowSample(capacity: encoder == nil ? learnedRows : 0)
        sampleCapacity = encoder == nil ? 0 : sampledRows
        self.sampledRows = RowSample(capacity: sampleCapacity)
        predictedCapacity = estimatedRows
        predictedRows = RowSample(capacity: estimatedRows)
    }

    /// The sample as it is handed over; `nil` where none is taken.
    func closedRows() -> PaneRows? { PaneRows(&sampledRows, capacity: sampleCapacity) }

    /// The counts of one segment, begun where it is new.
    /// - Precondition: the pane is counted on a reference.
    func accumulator(of cell: SegmentCell) -> PaneAccumulator {
        if let known = segments[cell] { return known }
        guard let encoder = accumulator?.encoder else { preconditionFailure("a learning pane has no segments") }
        let begun = PaneAccumulator(encoder: encoder)
        segments[cell] = begun
        return begun
    }
}

/// A performance pane that is still open.
final class OpenPerformancePane {
    var summary: PerformanceSummary
    var segments: [SegmentCell: PerformanceSummary] = [:]
    /// The pairs by the pane of their prediction.
    var predictionPanes: PaneCounts {
        get {
            settleNewest()
            return settled
        }
        set {
            settled = newValue
            newest.count = 0
        }
    }
    private var settled = PaneCounts()
    /// Of the prediction pane that came last, and not among the others yet: most pairs come from one pane after the other.
    private var newest: (pane: Int64, count: Int64) = (0, 0)
    /// Of a regression: the actual numbers.
    var outcomes = OutcomeSample()
    /// The pairs whose prediction was kept. Cut to the sample only at the end: which of them stay in the final choice
    /// of their prediction pane is not known before.
    var rows: [LabelledRow] = []

    init(task: ModelTask) {
        summary = PerformanceSummary(task: task)
    }

    /// Counts a pair by the pane of its prediction.
    func countPrediction(of pane: Int64) {
        if pane != newest.pane {
            settleNewest()
            newest.pane = pane
        }
        newest.count += 1
    }

    private func settleNewest() {
        guard newest.count > 0 else { return }
        settled.counts[newest.pane, default: 0] += newest.count
        newest.count = 0
    }
}
