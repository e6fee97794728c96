import Statistics

/// What the reference's chunks say about its columns; empty parts where there are no chunks or too few.
struct DetectorCalibration: Codable, Sendable, Equatable {
    /// Per column of the reference; `nil` where events are taken for independent.
    var dispersions: [ColumnDispersion]?
    /// Per column; `nil` for a column that could not be calibrated. Absent unless calibration is empirical.
    var empirical: [EmpiricalColumn?]?
    /// Intervals are aligned stretches of so many panes; only under empirical calibration.
    var intervalPanes: Int64?
    /// Which chunks it was learned from; `nil` for none, and in older checkpoints.
    var learnedFrom: String?

    /// Nothing is known of the reference's rows.
    mutating func forget() {
        (dispersions, empirical, intervalPanes, learnedFrom) = (nil, nil, nil, nil)
    }

    init(settings: DriftDetectorSettings, reference: ReferenceProfile, chunks: ReferenceChunks?) {
        learnedFrom = chunks?.fingerprint
        guard settings.calibration == .empirical else {
            if let chunks, settings.calibration == .analytic {
                var found = reference.allColumns.enumerated().map { index, column in
                    ColumnDispersion.estimate(
                        reference: column, chunks: chunks.column(index), minimumSample: settings.minimumSample)
                }
                // The reference's rows in order of time may have been scored by another version. A prediction follows
                // from the features, so it depends on its neighbours about as much as the most dependent of these.
                let last = found.count - 1
                if reference.predictions != nil, !chunks.column(last).contains(where: { $0.total > 0 }) {
                    let largest = found.dropLast().compactMap { $0?.overall }.max()
                    found[last] = largest.map { .uniform($0, of: reference.allColumns[last]) }
                }
                dispersions = found.contains { $0 != nil } ? found.map { $0 ?? .independent } : nil
            }
            return
        }
        let none: [EmpiricalColumn?] = reference.allColumns.map { _ in nil }
        guard let chunks, !chunks.chunks.isEmpty else {
            empirical = none
            return
        }
        let search = EmpiricalSearch(settings: settings, reference: reference, chunks: chunks)
        empirical = search.columns
        // With no column calibrated, intervals are as long as the minimum sample asks for.
        intervalPanes = search.columns.contains { $0 != nil } ? search.panes : nil
    }
}
