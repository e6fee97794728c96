import Learning
import Statistics

/// `tidewatch train --task clustering`: k-means on prepared columns, described in the table's own.
struct ClusterTraining {
    let options: TrainOptions
    let control: TrainingControl
    /// Seconds from any start.
    let clock: () -> Double

    func run(_ table: Table) throws -> TrainResult {
        let began = clock()
        let columns = try TrainColumns(table, options: options)
        let parameters = KMeansParameters(seed: Int(options.seed))
        let most = min(options.maximumClusters ?? TrainOptions.usualMaximumClusters, max(2, table.rowCount - 1))
        let range = options.clusters.map { $0...$0 } ?? 2...most
        let (model, choices) = try ClusterLearner(parameters: parameters).fit(
            table, features: columns.features, weight: options.weight, choosing: range, control: control)
        let found = try model.assign(table, control: control)
        var report = ClusterReport(
            name: options.model, purpose: options.purpose, features: columns.features, leftOut: columns.leftOut,
            preparation: model.preparation?.describe().filter { !$0.hasSuffix(": .") } ?? [], choices: choices,
            isChosen: options.clusters == nil, isSampled: table.rowCount > ClusterLearner.choiceRows,
            kMeans: model.clusters, clusters: try Self.clusters(model, table))
        report.rows = table.rowCount
        report.seconds = clock() - began
        return TrainResult(
            report: report, model: .clusters(model),
            reference: .ofTraining(
                table, features: columns.features,
                predictions: .categorical(found.clusters.map { $0 < 0 ? nil : "\($0)" })))
    }

    /// Each cluster with what sets it apart: by how many standard deviations its centre is away from the mean of all rows.
    private static func clusters(_ model: ClusterModel, _ table: Table) throws -> [ClusterReport.Cluster] {
        let (centres, sizes) = (model.clusters.centres, model.clusters.sizes)
        let names = model.clusters.featureNames
        let rows = Double(max(1, model.clusters.rows))
        let means = names.indices.map { index in
            zip(centres, sizes).reduce(0) { $0 + $1.0[index] * Double($1.1) } / rows
        }
        let deviations = names.indices.map { index -> Double in
            // Numbers are scaled to a deviation of 1; the others are shares of yes and no.
            if table[names[index]]?.kind == .numeric { return 1 }
            return (means[index] * (1 - means[index])).squareRoot()
        }
        let units = try model.centresInUnits()
        return centres.indices.map { cluster in
            let apart = names.indices.compactMap { index -> (feature: String, deviations: Double)? in
                guard deviations[index] > 0 else { return nil }
                return (names[index], (centres[cluster][index] - means[index]) / deviations[index])
            }
            return ClusterReport.Cluster(
                rows: sizes[cluster], share: Double(sizes[cluster]) / rows, centre: units[cluster],
                apart: apart.sorted { ($1.deviations.magnitude, $0.feature) < ($0.deviations.magnitude, $1.feature) })
        }
    }
}
