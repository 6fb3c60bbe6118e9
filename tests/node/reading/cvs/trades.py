"""How people name their trades and what they can do, each with the codes that a careful reader would note.

Several codes for a trade: ROME itself hesitates, each of them is right.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trade:
    """`titles`: (for a man, for a woman). `tasks`: skill code -> ways to say it. `studies`: diplomas of the trade."""

    codes: tuple[str, ...]
    titles: tuple[tuple[str, str], ...]
    tasks: dict[str, tuple[str, ...]]
    employers: tuple[str, ...]


TRADES = (
    Trade(
        ("K1304", "K1302", "K1311"),
        (
            ("Aide à domicile", "Aide à domicile"),
            ("Aide ménager", "Aide-ménagère"),
            ("Auxiliaire de vie", "Auxiliaire de vie"),
        ),
        {
            "900251": ("courses avec la personne, démarches administratives", "faire les courses des bénéficiaires"),
            "900046": ("préparation et aide à la prise des repas", "préparer les repas"),
            "900044": ("aide à la toilette et à l'habillage", "toilette, habillage"),
            "900050": ("entretien du linge, repassage", "lavage et repassage du linge"),
            "900253": ("présence et conversation auprès de personnes isolées", "compagnie, conversation"),
        },
        ("ADMR", "Vitalliance", "O2 Care Services", "CCAS", "particuliers employeurs"),
    ),
    Trade(
        ("K2204", "K2205"),
        (
            ("Agent d'entretien", "Agent d'entretien"),
            ("Agent de nettoyage", "Agente de nettoyage"),
            ("Agent de propreté", "Agente de propreté"),
        ),
        {
            "900278": ("nettoyage de bureaux", "entretien quotidien des bureaux, vidage des corbeilles"),
            "900103": ("nettoyage des sanitaires", "entretien des sanitaires"),
            "900104": ("utilisation de la monobrosse", "conduite d'autolaveuse"),
            "900107": ("lavage des vitres", "vitrerie à la perche"),
            "900060": ("dosage des produits d'entretien", "bonne connaissance des produits d'entretien"),
        },
        ("Onet", "Samsic", "GSF", "Elior Services", "Mairie"),
    ),
    Trade(
        ("D1505",),
        (
            ("Caissier", "Caissière"),
            ("Hôte de caisse", "Hôtesse de caisse"),
            ("Employé de caisse", "Employée de caisse"),
        ),
        {
            "900013": ("encaissement", "tenue de caisse"),
            "900009": ("accueil des clients", "accueillir et orienter la clientèle"),
            "900074": ("contrôle des prix et étiquetage", "étiquetage des prix"),
            "900073": ("surveillance des caisses automatiques", "gestion des caisses libre-service"),
            "900072": ("proposer la carte de fidélité", "vente de cartes de fidélité"),
        },
        ("Carrefour Market", "Leclerc", "Intermarché", "Lidl", "Auchan"),
    ),
    Trade(
        ("D1507",),
        (
            ("Employé de libre-service", "Employée de libre-service"),
            ("Employé commercial", "Employée commerciale"),
            ("Magasinier rayon", "Employée de rayon"),
        ),
        {
            "900014": ("mise en rayon", "remplissage des rayons, réassort"),
            "900015": ("rotation des produits, contrôle des DLC", "vérification des dates de péremption"),
            "900016": ("inventaires", "gestion de stock et inventaire"),
            "900023": ("utilisation du transpalette", "transpalette manuel et électrique"),
            "900131": ("réception des marchandises", "réceptionner et vérifier les livraisons"),
        },
        ("Super U", "Casino", "Aldi", "Netto", "Grand Frais"),
    ),
    Trade(
        ("N1103",),
        (
            ("Préparateur de commandes", "Préparatrice de commandes"),
            ("Préparateur de commande", "Préparatrice de commande"),
            ("Opérateur picking", "Opératrice picking"),
        ),
        {
            "900128": ("préparation de commandes en vocal", "picking au scan"),
            "900129": ("filmage et étiquetage des colis", "emballage des colis"),
            "900016": ("inventaire tournant", "inventaires"),
            "900022": ("CACES 1 et 3", "CACES R489 cat. 1B"),
            "900130": ("chargement et déchargement de camions", "déchargement des camions"),
        },
        ("Amazon", "ID Logistics", "XPO", "FM Logistic", "Scapnor"),
    ),
    Trade(
        ("N1101",),
        (
            ("Cariste", "Cariste"),
            ("Conducteur de chariots élévateurs", "Conductrice de chariots élévateurs"),
            ("Agent cariste", "Agente cariste"),
        ),
        {
            "900022": ("CACES R489 catégories 3 et 5", "conduite de chariots frontaux"),
            "900132": ("gerbage en grande hauteur", "rangement en racks, gerbage"),
            "900130": ("chargement / déchargement", "chargement des camions à quai"),
            "900134": ("logiciel WMS", "utilisation d'un logiciel d'entrepôt"),
            "900131": ("contrôle à réception des marchandises", "réception des marchandises"),
        },
        ("Geodis", "DHL", "Kuehne+Nagel", "Michelin", "Manpower"),
    ),
    Trade(
        ("N4105",),
        (
            ("Chauffeur-livreur", "Chauffeuse-livreuse"),
            ("Livreur VL", "Livreuse VL"),
            ("Chauffeur livreur", "Chauffeur livreur"),
        ),
        {
            "900155": ("livraison de colis chez les clients, signature", "livraison aux particuliers"),
            "900040": ("préparation de la tournée", "organisation de ma tournée"),
            "900130": ("chargement du camion", "chargement et déchargement"),
            "900039": ("conduite de véhicule léger", "conduite VL"),
            "900041": ("contrôle du véhicule avant départ", "vérification du véhicule"),
        },
        ("Chronopost", "GLS", "DPD", "Colis Privé", "Transports Vernet"),
    ),
    Trade(
        ("N4101", "N4115"),
        (
            ("Chauffeur poids lourd", "Chauffeuse poids lourd"),
            ("Conducteur routier", "Conductrice routière"),
            ("Chauffeur PL", "Chauffeur PL"),
        ),
        {
            "900142": ("conduite de camions porteurs", "conduite poids lourd"),
            "900145": ("chronotachygraphe numérique", "lecture du chronotachygraphe"),
            "900135": ("arrimage du chargement", "sanglage et arrimage"),
            "900042": ("gestion des documents de bord, bons de livraison", "bons de livraison, lettres de voiture"),
            "900146": ("mise à quai", "manœuvres et mise à quai"),
        },
        ("Transports Perrenot", "STEF", "Jacky Perrenot", "Heppner", "Transports Mazet"),
    ),
    Trade(
        ("G1602",),
        (
            ("Commis de cuisine", "Commis de cuisine"),
            ("Aide-cuisinier", "Aide-cuisinière"),
            ("Aide de cuisine", "Aide de cuisine"),
        ),
        {
            "900212": ("épluchage et taillage des légumes", "laver, éplucher les légumes"),
            "900018": ("normes HACCP", "respect de l'hygiène alimentaire (HACCP)"),
            "900213": ("dressage des assiettes", "dresser les assiettes et les desserts"),
            "900219": ("plonge", "plonge batterie"),
            "900222": ("réception et rangement des denrées", "stockage des denrées"),
        },
        ("Brasserie du Commerce", "Le Grand Café", "Buffalo Grill", "Auberge du Cher", "Courtepaille"),
    ),
    Trade(
        ("G1607", "G1606"),
        (
            ("Agent de restauration scolaire", "Agente de restauration scolaire"),
            ("Employé de restauration collective", "Employée de restauration collective"),
            ("Employé de cantine", "Employée de cantine"),
        ),
        {
            "900225": ("service au self", "servir les enfants au self"),
            "900219": ("plonge et nettoyage de la vaisselle", "plonge"),
            "900018": ("règles HACCP", "HACCP"),
            "900221": ("nettoyage de la cuisine et du matériel", "entretien de la cuisine"),
            "900228": ("mise en place et débarrassage des tables", "dressage des tables"),
        },
        ("Sodexo", "Elior", "Compass Group", "Mairie", "API Restauration"),
    ),
    Trade(
        ("G1803", "G1810"),
        (("Serveur", "Serveuse"), ("Serveur en salle", "Serveuse en salle"), ("Chef de rang", "Cheffe de rang")),
        {
            "900229": ("prise de commandes, service en salle", "service en salle"),
            "900228": ("dressage et débarrassage des tables", "mise en place des tables"),
            "900231": ("port de trois assiettes", "service au plateau"),
            "900013": ("encaissement des clients", "encaissement"),
            "900230": ("conseil sur les vins", "conseil des clients sur la carte et les vins"),
        },
        ("Hippopotamus", "La Taverne", "Hôtel Ibis", "Bistrot Régent", "Léon"),
    ),
    Trade(
        ("F1703",),
        (("Maçon", "Maçonne"), ("Ouvrier maçon", "Ouvrière maçonne"), ("Maçon traditionnel", "Maçonne traditionnelle")),
        {
            "900161": ("montage de murs en parpaings et briques", "élévation de murs en agglos et parpaings"),
            "900162": ("coulage de dalles béton", "dalles et béton"),
            "900163": ("enduits de façade", "enduit traditionnel"),
            "900164": ("coffrage, ferraillage", "coffrage et ferraillage"),
            "900024": ("lecture de plans", "lire les plans d'exécution"),
        },
        ("Eiffage Construction", "SARL Duval Bâtiment", "Bouygues", "Léon Grosse", "Randstad"),
    ),
    Trade(
        ("F1606",),
        (
            ("Peintre en bâtiment", "Peintre en bâtiment"),
            ("Peintre", "Peintre"),
            ("Peintre intérieur / extérieur", "Peintre intérieur / extérieur"),
        ),
        {
            "900192": ("préparation des supports, ponçage", "préparation des supports avant peinture"),
            "900193": ("peinture intérieure et vernis", "application de peinture"),
            "900194": ("pose de papier peint", "papiers peints et revêtements muraux"),
            "900027": ("montage d'échafaudage", "travail en hauteur sur échafaudage"),
            "900196": ("protection des lieux occupés", "protection des sols et du mobilier pendant les travaux"),
        },
        ("SAS Couleurs du Sud", "Spie Batignolles", "Artisan Morel", "Adecco", "Peinture Service"),
    ),
    Trade(
        ("F1602",),
        (
            ("Électricien", "Électricienne"),
            ("Électricien du bâtiment", "Électricienne du bâtiment"),
            ("Monteur électricien", "Monteuse électricienne"),
        ),
        {
            "900178": ("tirage de câbles et pose de gaines", "tirage de câbles"),
            "900179": ("câblage de tableaux électriques", "câblage d'armoires et de tableaux"),
            "900180": ("pose de luminaires et d'appareillage", "pose d'appareillages"),
            "900182": ("norme NF C 15-100", "respect de la NFC 15-100"),
            "900030": ("habilitations B1V BR", "habilitation électrique B2V"),
        },
        ("Ineo", "SNEF", "Électricité Roussel", "Vinci Énergies", "Fauché"),
    ),
    Trade(
        ("I1203",),
        (
            ("Agent de maintenance du bâtiment", "Agente de maintenance du bâtiment"),
            ("Agent d'entretien du bâtiment", "Agente d'entretien du bâtiment"),
            ("Factotum", "Factotum"),
        ),
        {
            "900210": ("petites réparations dans les bâtiments", "petits travaux et réparations"),
            "900186": ("changement de joints, recherche de fuites", "recherche de fuites d'eau"),
            "900193": ("peinture, retouches", "petite peinture"),
            "900208": ("réglage de portes et changement de serrures", "serrures et ferrures"),
            "900211": ("tenue du carnet d'entretien", "suivi du carnet d'entretien"),
        },
        ("Office HLM", "Lycée Paul Constans", "Clinique Saint-Antoine", "Mairie", "Foncia"),
    ),
    Trade(
        ("I1604",),
        (
            ("Mécanicien auto", "Mécanicienne auto"),
            ("Mécanicien automobile", "Mécanicienne automobile"),
            ("Mécano", "Mécanicienne"),
        ),
        {
            "900295": ("vidanges, révisions", "vidange et révision"),
            "900296": ("plaquettes de freins, amortisseurs", "remplacement de freins et amortisseurs"),
            "900297": ("valise de diagnostic", "diagnostic à la valise"),
            "900298": ("courroies de distribution, embrayages", "changement de distribution"),
            "900299": ("montage et équilibrage de pneus", "pneumatiques"),
        },
        ("Renault Minute", "Norauto", "Garage du Centre", "Speedy", "Feu Vert"),
    ),
    Trade(
        ("J1501",),
        (
            ("Aide-soignant", "Aide-soignante"),
            ("Aide soignant", "Aide soignante"),
            ("AS de nuit", "Aide-soignante de nuit"),
        ),
        {
            "900044": ("toilettes, aide à l'habillage", "aide à la toilette"),
            "900244": ("prise des constantes", "relevé des constantes (tension, température)"),
            "900245": ("prévention d'escarres", "installation au lit et prévention des escarres"),
            "900247": ("transmissions à l'équipe soignante", "transmissions écrites et orales"),
            "900246": ("manipulation du lève-malade", "lève-malade"),
        },
        ("EHPAD Les Tilleuls", "Centre hospitalier", "Clinique du Parc", "Korian", "Orpea"),
    ),
    Trade(
        ("J1301",),
        (
            ("Agent de service hospitalier", "Agente de service hospitalier"),
            ("ASH", "ASH"),
            ("Agent des services hospitaliers", "Agente des services hospitaliers"),
        ),
        {
            "900061": ("bionettoyage", "protocoles de bionettoyage"),
            "900257": ("distribution des repas aux patients", "service des repas en chambre"),
            "900258": ("entretien des chambres de patients", "ménage des chambres"),
            "900020": ("tri des déchets", "évacuation et tri des déchets"),
            "900261": ("transport des patients", "brancardage et installation des patients"),
        },
        ("Hôpital Avicenne", "Clinique Saint-François", "EHPAD Bel Air", "CHU", "Maison de retraite Les Iris"),
    ),
    Trade(
        ("K1303", "K1310"),
        (
            ("Garde d'enfants", "Garde d'enfants"),
            ("Garde d'enfants à domicile", "Garde d'enfants à domicile"),
            ("Baby-sitter", "Nounou"),
        ),
        {
            "900270": ("accompagnement à l'école", "trajets école - maison"),
            "900271": ("aide aux devoirs", "suivi des devoirs"),
            "900053": ("change, bain, soins d'hygiène des bébés", "soins d'hygiène du nourrisson"),
            "900265": ("préparation des biberons et des repas", "biberons, repas"),
            "900051": ("jeux d'éveil", "occuper et éveiller les enfants"),
        },
        ("Babychou", "Kangourou Kids", "famille Lemoine", "particuliers", "Family Sphere"),
    ),
    Trade(
        ("M1607", "M1602", "M1605"),
        (
            ("Secrétaire", "Secrétaire"),
            ("Secrétaire administratif", "Secrétaire administrative"),
            ("Assistant administratif", "Assistante administrative"),
        ),
        {
            "900036": ("accueil téléphonique", "gestion des appels téléphoniques"),
            "900035": ("rédaction de courriers", "rédaction de mails et courriers professionnels"),
            "900037": ("gestion d'agenda, prise de rendez-vous", "prise de rendez-vous"),
            "900034": ("classement et archivage", "archivage des dossiers"),
            "900033": ("Word, Excel", "pack Office (Word, Excel)"),
        },
        ("Cabinet Leroy", "Communauté de communes", "Auto-école Sud", "CPAM", "Étude notariale Blanc"),
    ),
    Trade(
        ("M1601",),
        (
            ("Hôte d'accueil", "Hôtesse d'accueil"),
            ("Chargé d'accueil", "Chargée d'accueil"),
            ("Agent d'accueil", "Agent d'accueil"),
        ),
        {
            "900009": ("accueil et orientation des visiteurs", "accueillir les visiteurs"),
            "900365": ("standard téléphonique", "tenue du standard"),
            "900364": ("gestion des badges et du courrier", "remise des badges, colis"),
            "900363": ("renseignement du public", "renseigner les usagers au guichet et par téléphone"),
            "900037": ("prise de rendez-vous", "tenue des plannings de rendez-vous"),
        },
        ("Phone Régie", "Pénélope", "Mairie", "Conseil départemental", "Hôpital privé"),
    ),
    Trade(
        ("K2503",),
        (
            ("Agent de sécurité", "Agente de sécurité"),
            ("Vigile", "Vigile"),
            ("Agent de prévention et sécurité", "Agente de prévention et sécurité"),
        ),
        {
            "900352": ("rondes, contrôle d'accès", "rondes de surveillance"),
            "900354": ("vidéosurveillance", "surveillance des écrans de contrôle"),
            "900355": ("SSIAP 1", "diplôme SSIAP"),
            "900353": (
                "carte professionnelle CNAPS à jour",
                "titulaire de la carte professionnelle d'agent de sécurité",
            ),
            "900356": ("main courante", "rédaction de la main courante"),
        },
        ("Securitas", "Fiducial", "Seris", "Prosegur", "Challancin"),
    ),
    Trade(
        ("H3302",),
        (
            ("Agent de conditionnement", "Agente de conditionnement"),
            ("Opérateur de conditionnement", "Opératrice de conditionnement"),
            ("Conditionneur", "Conditionneuse"),
        ),
        {
            "900326": ("mise en carton", "mise en cartons, conditionnement"),
            "900329": ("étiquetage, palettisation", "palettisation"),
            "900327": ("approvisionnement de la ligne", "alimenter la ligne"),
            "900057": ("contrôle de conformité des produits", "contrôle visuel des produits"),
            "900328": ("respect des cadences", "travail en cadence"),
        },
        ("L'Oréal", "Danone", "Sanofi", "Start People", "Laboratoires Gifrer"),
    ),
    Trade(
        ("H2913",),
        (
            ("Soudeur", "Soudeuse"),
            ("Soudeur à l'arc", "Soudeuse à l'arc"),
            ("Soudeur semi-automatique", "Soudeuse semi-automatique"),
        ),
        {
            "900059": ("soudure à l'arc et semi-auto", "soudage semi-automatique (MAG)"),
            "900345": ("soudure TIG", "procédé TIG"),
            "900348": ("meulage, finition", "meulage et finition des soudures"),
            "900024": ("lecture de plans", "lecture de plan"),
            "900347": ("pointage et préparation des bords", "pointage des assemblages"),
        },
        ("Chantiers de l'Atlantique", "Métal Services", "ACI", "Crit Intérim", "Ateliers Roche"),
    ),
    Trade(
        ("A1203",),
        (
            ("Agent d'espaces verts", "Agente d'espaces verts"),
            ("Agent d'entretien des espaces verts", "Agente d'entretien des espaces verts"),
            ("Ouvrier espaces verts", "Ouvrière espaces verts"),
        ),
        {
            "900279": ("tonte et débroussaillage", "tonte des pelouses, débroussaillage"),
            "900280": ("taille de haies", "taille des haies et arbustes"),
            "900281": ("plantation de massifs", "entretien des massifs fleuris"),
            "900062": ("arrosage, désherbage", "désherbage et ramassage des feuilles"),
            "900282": ("maniement de la tronçonneuse", "tronçonneuse"),
        },
        ("Ville", "ESAT du Val", "Parcs et Jardins SARL", "Régie de quartier", "Idverde"),
    ),
    Trade(
        ("G1501",),
        (
            ("Valet de chambre", "Femme de chambre"),
            ("Employé d'étage", "Employée d'étage"),
            ("Agent d'étage", "Agente d'étage"),
        ),
        {
            "900235": ("nettoyage des chambres et réfection des lits", "faire les chambres et les lits"),
            "900103": ("nettoyage des salles de bain et sanitaires", "entretien des sanitaires"),
            "900111": ("approvisionnement du chariot", "réassort du chariot de ménage"),
            "900050": ("gestion du linge", "pliage et repassage du linge"),
            "900238": ("service des petits-déjeuners", "petits déjeuners"),
        },
        ("Hôtel Mercure", "B&B Hôtels", "Novotel", "Hôtel des Bourbons", "Thalazur"),
    ),
)
