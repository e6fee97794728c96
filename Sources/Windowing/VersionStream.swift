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
    var driftPanes: [Int64: OpenDriftPane] = [:]
    var performancePanes: [Int64: OpenPerformancePane] = [:]
    /// The rows kept of each prediction pane until their outcomes come.
    var retained: [Int64: RowSample<RetainedPrediction>] = [:]
    var newestMicroseconds: Int64 = .min

    /// The pane that the last event fell into, so that most events look nothing up.
    private var currentPane: (number: Int64, pane: OpenDriftPane)?
    /// Column numbers by position in the event, learned from the events: producers keep their order.
    private var positions: [(name: [UInt8], column: Int)] = []
    /// For each column the number of the last event that had it.
    private var seenInEvent: [UInt64] = []
    private var eventNumber: UInt64 = 0

    init(key: ModelVersionKey, number: UInt16, encoder: ReferenceEncoder?) {
        self.key = key
        self.number = number
        nameBytes = Array(key.version.utf8)
        self.encoder = encoder
        seenInEvent = Array(repeating: 0, count: encoder?.columnCount ?? 0)
    }

    /// Panes that open from now on are counted on this reference.
    func adopt(_ encoder: ReferenceEncoder) {
        self.encoder = encoder
        positions = []
        seenInEvent = Array(repeating: 0, count: encoder.columnCount)
        currentPane = nil
    }

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
        let pane = OpenDriftPane(encoder: encoder, learnedRows: settings.learnedRows)
        driftPanes[number] = pane
        currentPane = (number, pane)
        return pane
    }

    /// Removes and returns a drift pane that has closed.
    func takeDriftPane(_ number: Int64) -> OpenDriftPane? {
        if currentPane?.number == number { currentPane = nil }
        return driftPanes.removeValue(forKey: number)
    }

    /// The open performance pane with this number, opened where needed.
    func performancePane(_ number: Int64, settings: ModelSettings) -> OpenPerformancePane {
        if let pane = performancePanes[number] { return pane }
        let pane = OpenPerformancePane(task: settings.task)
        performancePanes[number] = pane
        return pane
    }

    /// Counts one event's features into a pane on the reference.
    func count(_ features: UnsafeBufferPointer<FeatureEntry>, into accumulator: PaneAccumulator) {
        guard let encoder else { return }
        eventNumber &+= 1
        accumulator.events += 1
        var seen = 0
        for position in 0..<features.count {
            let feature = features[position]
            let column = column(at: position, named: feature.name, encoder: encoder)
            guard column >= 0, seenInEvent[column] != eventNumber else { continue }
            seenInEvent[column] = eventNumber
            seen += 1
            count(feature, column: column, kind: encoder.kind(of: column), into: accumulator)
        }
        guard seen < encoder.columnCount else { return }
        for column in 0..<encoder.columnCount where seenInEvent[column] != eventNumber {
            accumulator.addMissing(column: column)
        }
    }

    @inline(__always)
    private func count(_ feature: FeatureEntry, column: Int, kind: ColumnKind, into accumulator: PaneAccumulator) {
        switch (feature.tag, kind) {
        case (.null, _): accumulator.addMissing(column: column)
        case (.number, .numeric): accumulator.add(numeric: feature.number, column: column)
        case (.string, .categorical): accumulator.add(category: feature.text, column: column)
        case (.boolean, .boolean): accumulator.add(boolean: feature.number != 0, column: column)
        default: accumulator.addViolation(column: column)
        }
    }

    @inline(__always)
    private func column(at position: Int, named name: UnsafeRawBufferPointer, encoder: ReferenceEncoder) -> Int {
        if position < positions.count, positions[position].name.matches(name) { return positions[position].column }
        let column = encoder.columnIndex(ofUTF8: name) ?? -1
        if position == positions.count { positions.append((Array(name), column)) }
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
    var learningRows: RowSample<RetainedPrediction>

    init(encoder: ReferenceEncoder?, learnedRows: Int) {
        accumulator = encoder.map(PaneAccumulator.init(encoder:))
        learningRows = RowSample(capacity: encoder == nil ? learnedRows : 0)
    }
}

/// A performance pane that is still open.
final class OpenPerformancePane {
    var summary: PerformanceSummary
    /// The pairs whose prediction was kept. Cut to the sample only at the end: which of them stay in the final choice
    /// of their prediction pane is not known before.
    var rows: [LabelledRow] = []

    init(task: ModelTask) {
        summary = PerformanceSummary(task: task)
    }
}
