/// What the fixed-point sums of a column are taken against: z = (value − origin)/scale.
struct SumScale: Codable, Sendable, Equatable {
    var origin: Double
    var scale: Double
}

extension ReferenceProfile {
    /// The profile of a part of the rows, those of one segment say, on the same cells: what windows of that part are
    /// compared with, which are counted on this profile.
    ///
    /// Its counts, range, mean and standard deviation are the part's own; the last two come from fixed-point sums and are
    /// as exact as those. Sums of windows keep this profile's mean and spread as their scale, so that they stay readable.
    /// A category or a discrete value that the part does not have is unlisted for it, as it would be had the profile been
    /// built of the part alone. No sample is kept. Values of another kind count as invalid, as they do in windows.
    ///
    /// - Parameter summary: of the part's rows, counted on this profile.
    /// - Precondition: the summary is on this profile's cells.
    public func part(_ summary: PaneSummary) -> ReferenceProfile {
        precondition(
            summary.reference == cellsIdentifier && summary.columns.count == allColumns.count,
            "a part is counted on the cells of its whole")
        return ReferenceProfile(
            rows: summary.events,
            columns: zip(columns, summary.columns).map { ColumnReference(part: $1, of: $0) },
            predictions: predictions.flatMap { whole in
                // Rows that another version has scored tell nothing of what this one says of them.
                summary.columns.last.flatMap { $0.total > 0 ? ColumnReference(part: $0, of: whole) : nil }
            }, partOf: cellsIdentifier)
    }
}

extension ColumnReference {
    fileprivate init(part: ColumnSummary, of whole: ColumnReference) {
        let moments = Moments(of: part, on: whole)
        self.init(
            unchecked: whole.name, kind: whole.kind,
            Parts(
                binning: whole.binning, counts: part.counts, missing: part.missing,
                invalid: part.invalid &+ part.violations, moments: moments, otherHashes: whole.otherHashes),
            sums: SumScale(origin: whole.origin, scale: whole.scale))
    }

    /// Cells of what the reference does not list. For a part of a profile a listed value that the part does not have is
    /// among them: it stands for what the part has not shown yet, and not for a value that it never has.
    var unlistedCells: Set<Int> {
        let rest = binning.restCells
        guard sums != nil, !rest.isEmpty, kind != .boolean else { return rest }
        return rest.union(counts.indices.filter { counts[$0] == 0 })
    }
}

extension Moments {
    /// Exact where the column has listed values only, or one; else as exact as the sums: the mean to about 2⁻²⁰ of the
    /// whole's standard deviation, the standard deviation to 2⁻⁵ of it where the part's own is next to nothing.
    fileprivate init(of part: ColumnSummary, on whole: ColumnReference) {
        self.init()
        guard part.present > 0, let low = part.minimum, let high = part.maximum else { return }
        (minimum, maximum) = (low, high)
        if low == high {
            mean = low
        } else if case .discrete(let values) = whole.binning, part.counts.last == 0 {
            let shares = part.counts.map { Double($0) / Double(part.present) }
            mean = zip(values, shares).reduce(0) { $0 + $1.0 * $1.1 }
            let center = mean
            let variance = zip(values, shares).reduce(0) { $0 + ($1.0 - center) * ($1.0 - center) * $1.1 }
            standardDeviation = variance.squareRoot()
        } else {
            mean = part.mean(on: whole) ?? 0
            standardDeviation = part.standardDeviation(on: whole) ?? 0
        }
        mean = min(max(mean, low), high)
        standardDeviation = min(standardDeviation, .greatestFiniteMagnitude)
    }
}
