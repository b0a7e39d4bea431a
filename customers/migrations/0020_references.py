"""Licences refer to people and subscriptions by checks of whole statements (customers/references.py)."""

from django.db import migrations

from customers.references import functions, refers

DROP = """
    ALTER TABLE customers_holding DROP CONSTRAINT holding_person_of_customer;
    ALTER TABLE customers_entitlementperiod
        DROP CONSTRAINT period_person_of_customer, DROP CONSTRAINT period_subscription_of_customer
"""
ADD = """
    ALTER TABLE customers_holding
        ADD CONSTRAINT holding_person_of_customer FOREIGN KEY (customer_id, person_number)
            REFERENCES customers_person (customer_id, number) DEFERRABLE INITIALLY DEFERRED;
    ALTER TABLE customers_entitlementperiod
        ADD CONSTRAINT period_person_of_customer FOREIGN KEY (customer_id, person_number)
            REFERENCES customers_person (customer_id, number) DEFERRABLE INITIALLY DEFERRED,
        ADD CONSTRAINT period_subscription_of_customer FOREIGN KEY (subscription_id, customer_id)
            REFERENCES customers_subscription (id, customer_id) DEFERRABLE INITIALLY DEFERRED
"""
PERSON = "p.customer_id = n.customer_id AND p.number = n.person_number"
SUBSCRIPTION = "p.id = n.subscription_id AND p.customer_id = n.customer_id"


class Migration(migrations.Migration):
    dependencies = [("customers", "0019_many_rows")]

    operations = [
        migrations.RunSQL(DROP, ADD),
        functions(),
        refers("holding_person_of_customer", table="customers_holding", to="customers_person", where=PERSON),
        refers("period_person_of_customer", table="customers_entitlementperiod", to="customers_person", where=PERSON),
        refers(
            "period_subscription_of_customer",
            table="customers_entitlementperiod",
            to="customers_subscription",
            where=SUBSCRIPTION,
        ),
    ]
