import Statistics

/// What the reference's chunks say about its columns; empty parts where there are no chunks or too few.
struct DetectorCalibration: Codable, Sendable, Equatable {
    /// Per column of the reference; `nil` where events are taken for independent.
    var dispersions: [ColumnDispersion]?
    /// Per column; `nil` for a column that could not be calibrated. Absent unless calibration is empirical.
    var empirical: [EmpiricalColumn?]?
    /// Intervals are aligned stretches of so many panes; only under empirical calibration.
    var intervalPanes: Int64?

    init(settings: DriftDetectorSettings, reference: ReferenceProfile, chunks: ReferenceChunks?) {
        guard settings.calibration == .empirical else {
            if let chunks, settings.calibration == .analytic {
                let found = reference.allColumns.enumerated().map { index, column in
                    ColumnDispersion.estimate(
                        reference: column, chunks: chunks.column(index), minimumSample: settings.minimumSample)
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
