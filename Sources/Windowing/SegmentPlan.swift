import Events
import Statistics

/// The segment of an event in each segment column: one byte each, numbers of `SegmentPlan`'s labels.
struct SegmentIndices: Equatable {
    static let other: UInt8 = .max

    /// The first column in the lowest byte; all `other` at first.
    var packed: UInt32 = .max

    subscript(position: Int) -> UInt8 {
        get { UInt8(truncatingIfNeeded: packed >> (8 * UInt32(position))) }
        set {
            let shift = 8 * UInt32(position)
            packed = packed & ~(0xFF << shift) | UInt32(newValue) << shift
        }
    }
}

/// One segment of one segment column, by numbers.
struct SegmentCell: Hashable, Comparable {
    /// Of the column among the segment columns.
    var position: UInt8
    /// Of the label; `SegmentIndices.other`.
    var index: UInt8

    static func < (left: SegmentCell, right: SegmentCell) -> Bool {
        (left.position, left.index) < (right.position, right.index)
    }
}

/// The segments of one version: which there are comes from its reference and not from what arrives first. Without a
/// reference everything is `other`.
struct SegmentPlan: Equatable {
    struct Column: Equatable {
        var name: String
        /// In the reference; -1 where it lacks the column.
        var column = -1
        var labels: [String] = []
        /// The label of each cell of the reference; `SegmentIndices.other` for the rest.
        var indexOfCell: [UInt8] = []
    }

    let columns: [Column]

    init(_ settings: SegmentSettings, profile: ReferenceProfile?) {
        columns = settings.columns.map { name in
            guard let profile, let column = profile.columns.firstIndex(where: { $0.name == name }) else {
                return Column(name: name)
            }
            return Column(name, of: profile.columns[column], at: column, maximumValues: settings.maximumValues)
        }
    }

    var isEmpty: Bool { columns.isEmpty }

    /// Every segment of an event, one for each column.
    func cells(_ indices: SegmentIndices) -> [SegmentCell] {
        columns.indices.map { SegmentCell(position: UInt8($0), index: indices[$0]) }
    }

    func key(_ cell: SegmentCell) -> SegmentKey {
        let column = columns[Int(cell.position)]
        let label = Int(cell.index) < column.labels.count ? column.labels[Int(cell.index)] : SegmentKey.other
        return SegmentKey(column: column.name, value: label)
    }

    /// The summaries by name, those of one name added up (a category may be called `other`).
    func parts<Summary: MergeableSummary & Equatable>(
        _ summaries: [SegmentCell: Summary]
    ) -> [SegmentPart<Summary>] {
        var byKey: [SegmentKey: Summary] = [:]
        for (cell, summary) in summaries.sorted(by: { $0.key < $1.key }) {
            let key = key(cell)
            if byKey[key] == nil { byKey[key] = summary } else { byKey[key]?.merge(summary) }
        }
        return byKey.sorted { $0.key < $1.key }.map { SegmentPart(segment: $0.key, summary: $0.value) }
    }
}

extension SegmentPlan.Column {
    init(_ name: String, of reference: ColumnReference, at column: Int, maximumValues: Int) {
        self.init(name: name, column: column)
        indexOfCell = Array(repeating: SegmentIndices.other, count: reference.cellCount)
        switch reference.binning {
        case .categories(let names): keep(names, counts: reference.counts, maximum: maximumValues)
        case .discrete(let values):
            keep(values.map(Self.text), counts: reference.counts, maximum: maximumValues)
        case .grid(let edges, let deciles): keepRanges(edges: edges, deciles: deciles, maximum: maximumValues)
        }
    }

    /// The most frequent values, ties in the order of the reference; a segment for each, in that order.
    private mutating func keep(_ values: [String], counts: [Int64], maximum: Int) {
        let kept = values.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }.prefix(maximum).sorted()
        for cell in kept {
            indexOfCell[cell] = UInt8(labels.count)
            labels.append(values[cell])
        }
    }

    /// The reference's deciles; neighbours together where fewer segments are wanted.
    private mutating func keepRanges(edges: [Double], deciles: [UInt8], maximum: Int) {
        let count = Int(deciles.last ?? 0) + 1
        let wanted = min(count, maximum)
        for (cell, decile) in deciles.enumerated() { indexOfCell[cell] = UInt8(Int(decile) * wanted / count) }
        for index in 0..<wanted {
            let first = indexOfCell.firstIndex(of: UInt8(index)) ?? 0
            let last = indexOfCell.lastIndex(of: UInt8(index)) ?? 0
            let lower = first == 0 ? "(-inf" : "[" + Self.text(edges[first - 1])
            let upper = last == edges.count ? "inf" : Self.text(edges[last])
            labels.append("\(lower), \(upper))")
        }
    }

    private static func text(_ number: Double) -> String {
        Int64(exactly: number).map(String.init) ?? "\(number)"
    }

    /// The segment of a feature's value.
    func index(of feature: FeatureEntry, encoder: ReferenceEncoder) -> UInt8 {
        let cell: Int? =
            switch (feature.tag, encoder.kind(of: column)) {
            case (.number, .numeric): encoder.cell(ofNumber: feature.number, column: column)
            case (.string, .categorical): encoder.cell(ofCategory: feature.text, column: column)
            case (.boolean, .boolean): feature.number != 0 ? 1 : 0
            default: nil
            }
        return cell.map { indexOfCell[$0] } ?? SegmentIndices.other
    }
}
