import Learning

extension ProfilePage {
    /// One column: its picture and its numbers.
    func card(_ place: Int, _ column: ColumnProfile, _ profile: TableProfile) -> String {
        let suspect = profile.suspects.first { $0.column == column.name }
        let reasons = suspect?.reasons.map {
            "<p><b>\(escaped(ProfileSentences.text($0, task: profile.target?.task)))</b></p>"
        }
        let facts = facts(column, profile).map { name, value in
            "<div><dt>\(escaped(name))</dt><dd>\(escaped(value))</dd></div>"
        }
        return """
            <section id="column-\(place)" class="\(suspect == nil ? "plain" : "critical")">
            <h2>\(escaped(Format.name(column.name))) <small>\(column.type.rawValue)</small></h2>
            \(reasons?.joined() ?? "")
            \(ProfileCharts.large(column, target: TargetScale(profile)))
            <dl>\(facts.joined())</dl>
            </section>
            """
    }

    private func facts(_ column: ColumnProfile, _ profile: TableProfile) -> [(String, String)] {
        var facts = [("missing", Format.share(column.missingShare)), ("distinct", Format.count(column.distinct))]
        if column.infinite > 0 { facts.append(("infinite", Format.count(column.infinite))) }
        if let numbers = column.numeric {
            facts += column.type == .time ? times(numbers) : self.numbers(numbers)
        }
        if let category = column.category, column.type != .empty {
            facts += [("occur once", Format.count(category.unique)), ("evenness", Format.measure(category.evenness))]
        }
        if let relation = column.relation {
            facts.append(("MI, nats", Format.measure(relation.mutualInformation)))
            let power = Format.share(relation.predictivePower)
            facts.append((profile.target?.task == .regression ? "R² alone" : "loss expl.", power))
            if let auc = relation.auc { facts.append(("AUC alone", Format.measure(auc))) }
        }
        return facts
    }

    private func times(_ numbers: NumericProfile) -> [(String, String)] {
        [
            ("first", Format.time(numbers.minimum, isCalendar: true)),
            ("last", Format.time(numbers.maximum, isCalendar: true)),
        ]
    }

    private func numbers(_ numbers: NumericProfile) -> [(String, String)] {
        var facts = [
            ("min", Format.number(numbers.minimum)), ("5 %", Format.number(numbers.quantiles[1])),
            ("25 %", Format.number(numbers.quantiles[2])), ("median", Format.number(numbers.median)),
            ("75 %", Format.number(numbers.quantiles[4])), ("95 %", Format.number(numbers.quantiles[5])),
            ("max", Format.number(numbers.maximum)), ("mean", Format.number(numbers.mean)),
            ("sd", Format.number(numbers.standardDeviation)), ("skewness", Format.decimal(numbers.skewness)),
            ("kurtosis", Format.decimal(numbers.kurtosis)),
            ("zeros", Format.share(Double(numbers.zeros) / Double(numbers.count))),
        ]
        let outliers = [("beyond 1.5 IQR", numbers.quartileOutliers), ("robust |z| > 3.5", numbers.robustOutliers)]
        facts += outliers.map { ($0.0, Format.share($0.1.map { Double($0.count) / Double(numbers.count) })) }
        return facts
    }

    /// All pairs as a map, the strongest as a list.
    func associations(_ profile: TableProfile) -> String {
        let matrix = profile.associations
        guard matrix.columns.count > 1 else { return "" }
        let rows = matrix.strongest(10).map { pair in
            let (measure, value) = ProfileText.measure(pair)
            return [
                "\(Format.name(matrix.columns[pair.first])) – \(Format.name(matrix.columns[pair.second]))",
                measure, value,
            ]
        }
        return """
            <h2 class="part">Pairs</h2>
            <p><small>\(escaped(ProfileSentences.pairs(matrix, rows: profile.rows)))</small></p>
            <div class="beside">\(ProfileHeatMap.picture(matrix))
            \(MetricsPage.table(["the strongest", "measure", "value"], rows))</div>
            """
    }

    func time(_ temporal: TemporalProfile, _ profile: TableProfile) -> String {
        let gaps = ProfileSentences.gaps(temporal).map { ["<li>\(escaped($0))</li>"] } ?? []
        let standstills = temporal.standstills.map {
            "<li>\(escaped(ProfileSentences.text($0, isCalendar: temporal.isCalendar)))</li>"
        }
        let items = standstills + gaps
        return """
            <h2 class="part">Along \(escaped(Format.name(temporal.column)))</h2>
            <p>\(escaped(ProfileSentences.time(temporal))).</p>
            \(items.isEmpty ? "" : "<ul>\(items.joined())</ul>")
            \(drift(temporal, profile))
            """
    }

    private func drift(_ temporal: TemporalProfile, _ profile: TableProfile) -> String {
        guard temporal.parts.count > 1, !temporal.drift.isEmpty else { return "" }
        let head = temporal.parts.indices.map { "<th class=\"number\">\($0 + 1)</th>" }.joined()
        let rows = temporal.drift.prefix(60).map { drift in
            let cells = drift.psi.enumerated().map { index, psi in
                let part = temporal.parts[index]
                let span =
                    "\(Format.time(part.start, isCalendar: temporal.isCalendar)) to "
                    + "\(Format.time(part.end, isCalendar: temporal.isCalendar)), "
                    + "mean \(Format.number(drift.levels[index])), missing \(Format.share(drift.missing[index]))"
                return "<td class=\"psi\" style=\"background: \(shade(psi))\" title=\"\(escaped(span))\">"
                    + "\(index == 0 ? "" : short(psi))</td>"
            }
            return "<tr><td class=\"name\">\(escaped(Format.name(drift.column)))</td>"
                + "<td>\(ProfileCharts.level(drift.levels, RateScale(drift, profile)))</td>\(cells.joined())</tr>"
        }
        return """
            <p><small>PSI (less its bias) of \(temporal.parts.count) parts of about equally many rows, each against the first; \
            from \(TemporalProfile.notablePSI) notable, from \(TemporalProfile.largePSI) large. Level: the mean, or the share of \
            the most frequent name.</small></p>
            <div class="scroll"><table class="drift">
            <tr><th>column</th><th>level</th>\(head)</tr>
            \(rows.joined(separator: "\n"))
            </table></div>
            """
    }

    private func short(_ psi: Double?) -> String {
        guard let psi else { return "–" }
        return psi < 0.005 ? "0" : psi >= 10 ? Format.count(Int(psi)) : ProfileCharts.two(psi)
    }

    /// White for none, orange from notable, red from large on.
    private func shade(_ psi: Double?) -> String {
        guard let psi else { return "#f6f8f9" }
        if psi >= TemporalProfile.largePSI { return "rgba(192,57,43,\(ProfileCharts.two(min(0.75, 0.35 + psi / 8))))" }
        return "rgba(224,138,60,\(ProfileCharts.two(min(0.55, psi * 2.2))))"
    }
}
